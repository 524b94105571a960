package txlookup.proof.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import txlookup.proof.ProofFixture;

/** Which rows are judged, and how far passing windows carry. */
class WindowIT {
    private static final Instant NOON = Instant.parse("2026-02-05T12:00:00Z");

    @Test
    void endsWhereBothSidesAreSettled() {
        Window window = Window.settled(null, NOON.plusSeconds(5), NOON, Duration.ofSeconds(60));

        assertThat(window.through()).isEqualTo(NOON.minusSeconds(60));
        assertThat(window.covers(NOON.minusSeconds(60))).isTrue();
        assertThat(window.covers(NOON.minusSeconds(60).plusNanos(1000))).isFalse();
    }

    @Test
    void refusesABeginAfterItsEnd() {
        assertThatThrownBy(() -> Window.settled(NOON, NOON, NOON, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2026-02-05T11:59:59Z");
    }

    @Test
    void verifiedThroughAdvancesOverAContiguousUnionOfPassingWindowsOnly() throws Exception {
        try (ProofFixture fixture = new ProofFixture()) {
            assertThat(through(fixture)).isEmpty();

            remember(fixture, NOON.minusSeconds(50), NOON.minusSeconds(40), true);
            assertThat(through(fixture)).as("nothing says what was before").isEmpty();

            remember(fixture, null, NOON.minusSeconds(60), true);
            assertThat(through(fixture)).as("a hole of ten seconds").contains(NOON.minusSeconds(60));

            remember(fixture, NOON.minusSeconds(60), NOON.minusSeconds(50), false);
            assertThat(through(fixture)).as("the hole was seen, and it failed").contains(NOON.minusSeconds(60));

            remember(fixture, NOON.minusSeconds(61), NOON.minusSeconds(50), true);
            assertThat(through(fixture)).contains(NOON.minusSeconds(40));
        }
    }

    private static Optional<Instant> through(ProofFixture fixture) throws Exception {
        return fixture.windows.verifiedThrough();
    }

    private static void remember(ProofFixture fixture, Instant from, Instant through, boolean passed) throws Exception {
        fixture.windows.remember("test", new Window(from, through), 1, 0, passed);
    }
}
