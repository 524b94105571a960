package txlookup.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScenarioTest {
    private static final int SEEDS = 20;

    private final List<Event> events = new ArrayList<>();

    @BeforeEach
    void makeEvents() {
        Payments payments = new Payments(1, Instant.parse("2026-11-21T01:07:33Z"), 1000);
        for (long n = 0; n < 100; n++) {
            events.addAll(payments.history(n));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theFinalStateIsKept(Scenario scenario) {
        for (long seed = 0; seed < SEEDS; seed++) {
            assertThat(Seen.latest(scenario.shape(events, seed)))
                    .as("seed %d", seed)
                    .isEqualTo(Seen.latest(events));
        }
    }

    @ParameterizedTest
    @EnumSource
    void noEventIsLost(Scenario scenario) {
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Seen> left = new ArrayList<>(Seen.of(scenario.shape(events, seed)));
            for (Seen wanted : Seen.of(events)) {
                assertThat(left.remove(wanted)).as("seed %d, %s", seed, wanted).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSameSeedGivesTheSameShape(Scenario scenario) {
        assertThat(Seen.of(scenario.shape(events, 7))).isEqualTo(Seen.of(scenario.shape(events, 7)));
    }

    @Test
    void happyIsWhatHappened() {
        assertThat(Seen.of(Scenario.HAPPY.shape(events, 7))).isEqualTo(Seen.of(events));
    }

    @Test
    void duplicateRepeatsEventsLater() {
        List<Seen> shaped = Seen.of(Scenario.DUPLICATE.shape(events, 7));

        assertThat(shaped.subList(0, events.size())).isEqualTo(Seen.of(events));
        assertThat(shaped.subList(events.size(), shaped.size()))
                .hasSizeBetween(events.size() / 20, events.size() / 5)
                .isSubsetOf(Seen.of(events));
    }

    @Test
    void outOfOrderIsTheSameEventsInAnotherOrder() {
        assertThat(Seen.of(Scenario.OUT_OF_ORDER.shape(events, 7)))
                .isNotEqualTo(Seen.of(events))
                .containsExactlyInAnyOrderElementsOf(Seen.of(events));
    }

    @Test
    void errorAddsOnlyEventsThatCannotBeDecoded() {
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Seen> added = new ArrayList<>(Seen.of(Scenario.ERROR.shape(events, seed)));
            Seen.of(events).forEach(added::remove);

            assertThat(added).as("seed %d", seed).isNotEmpty().noneMatch(Seen::isDecodable);
        }
    }

    @Test
    void aLabelIsHowTheCommandLineSaysIt() {
        assertThat(Scenario.OUT_OF_ORDER.label()).isEqualTo("out-of-order");
    }
}
