package txlookup.rebuild.steps;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import txlookup.apply.model.Entity;
import txlookup.backfill.BackfillPlan;
import txlookup.consumer.offsets.GapException;
import txlookup.profiles.Profile;
import txlookup.profiles.ProfileLoader;

/** The log keeps three days and two hours are to be left, so a load begun at once may take half of the rest. */
class LoadingRetentionTest {
    private static final Instant CUTOVER = Instant.parse("2026-02-05T01:00:00Z");

    private static void check(Duration sinceCutover, Duration expected, Optional<Instant> asOf) {
        Profile profile = ProfileLoader.ofThisProcess()
                .load(
                        "local",
                        Map.of(
                                "messaging.retention", "3d",
                                "cutover.margin", "2h",
                                "cutover.overlap", "30m"));
        Clock clock = Clock.fixed(CUTOVER.plus(sinceCutover), ZoneOffset.UTC);
        BackfillPlan plan = new BackfillPlan(List.of(new BackfillPlan.Line(
                "entries", Entity.LEDGER_ENTRY, OptionalLong.of(1), OptionalLong.of(1), 1, 0, null, expected)));
        Loading loading = new Loading(profile, new HikariDataSource(), clock);
        loading.requireRetention(loading.streamBegins(CUTOVER, asOf), plan);
    }

    @Test
    void letsALoadPassThatTheLogOutlives() {
        assertThatCode(() -> check(Duration.ZERO, Duration.ofHours(35), Optional.empty()))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesALoadThatTakesTooLong() {
        assertThatThrownBy(() -> check(Duration.ZERO, Duration.ofHours(36), Optional.empty()))
                .isInstanceOf(GapException.class)
                .hasMessageStartingWith("GAP_DETECTED: the stream begins at 2026-02-05T01:00:00Z")
                .hasMessageContaining("Lengthen messaging.retention, or take a newer extract");
    }

    @Test
    void countsWhatPassedSinceTheStreamsBeginning() {
        assertThatCode(() -> check(Duration.ofHours(69), Duration.ofMinutes(29), Optional.empty()))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> check(Duration.ofHours(69), Duration.ofMinutes(29), Optional.of(CUTOVER)))
                .isInstanceOf(GapException.class);
    }

    @Test
    void anExtractThatWillBeReadTomorrowIsRefused() {
        assertThatThrownBy(() -> check(Duration.ZERO, Duration.ofMinutes(1), Optional.of(CUTOVER.plusSeconds(1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the files were read at 2026-02-05T01:00:01Z")
                .hasMessageContaining("it is 2026-02-05T01:00:00Z now");
    }
}
