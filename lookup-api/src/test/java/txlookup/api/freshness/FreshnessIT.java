package txlookup.api.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.api.Eventually;
import txlookup.api.RunningApi;

/** What the answers say of the data's age; the service's clock stands at {@link RunningApi#NOW}. */
class FreshnessIT {
    private static final String FRESH = "2026-02-05T01:00:06Z";
    private static final String OLD = "2026-02-05T01:00:04Z";

    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = RunningApi.start();
    }

    @BeforeEach
    void forget() {
        api.execute("DELETE FROM coverage");
        Eventually.within(Duration.ofSeconds(20), "nothing is said", () -> asOf().isEmpty());
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void withoutAStreamNothingIsSaid() throws InterruptedException {
        partition(0, "BACKFILL", OLD, null);
        Thread.sleep(1_500);

        assertThat(asOf()).isEmpty();
        assertThat(stale()).isEmpty();
    }

    @Test
    void theDataIsAsOfTheLeastWatermark() {
        partition(0, "STREAM", "2026-02-05T01:00:09Z", FRESH);
        partition(1, "STREAM", "2026-02-05T01:00:07.5Z", FRESH);

        assertSoon("2026-02-05T01:00:07.500Z", false);
    }

    @Test
    void aPartitionWhoseReaderSawNothingMoreIsNotStale() {
        partition(0, "STREAM", "2026-02-05T00:30:00Z", "2026-02-05T01:00:08Z");

        assertSoon("2026-02-05T01:00:08Z", false);
    }

    @Test
    void dataBehindByMoreThanTheObjectiveIsStale() {
        partition(0, "STREAM", FRESH, FRESH);
        partition(1, "STREAM", OLD, OLD);

        assertSoon(OLD, true);
        api.execute("UPDATE coverage SET applied_until = '%s'".formatted(FRESH));
        assertSoon(FRESH, false);
    }

    @Test
    void whereAReaderDoesNotSayWhetherItHasMoreToReadSilenceIsNotCalledStale() {
        partition(0, "STREAM", OLD, null);

        assertSoon(OLD, false);
    }

    @Test
    void probesSayNothingOfTheData() {
        partition(0, "STREAM", FRESH, FRESH);
        assertSoon(FRESH, false);

        assertThat(api.get("/health").headers().firstValue("X-Data-As-Of")).isEmpty();
    }

    private void partition(int number, String kind, String appliedUntil, String caughtUpAt) {
        api.execute("""
                INSERT INTO coverage (kind, name, partition, start_position, next_position, as_of,
                    applied_until, caught_up_at)
                VALUES ('%s', 'topic', %d, 0, 0, '2026-02-05T00:00:00Z', '%s', %s)""".formatted(kind, number, appliedUntil, caughtUpAt == null ? "NULL" : "'" + caughtUpAt + "'"));
    }

    private void assertSoon(String asOf, boolean stale) {
        Eventually.within(
                Duration.ofSeconds(20),
                "as of " + asOf + (stale ? ", stale" : ""),
                () -> asOf().equals(Optional.of(asOf)) && stale().isPresent() == stale);
        assertThat(stale()).isEqualTo(stale ? Optional.of("true") : Optional.empty());
    }

    private Optional<String> asOf() {
        return lookup().headers().firstValue("X-Data-As-Of");
    }

    private Optional<String> stale() {
        return lookup().headers().firstValue("X-Data-Stale");
    }

    private HttpResponse<String> lookup() {
        return api.get("/admin/tx/TX-1");
    }
}
