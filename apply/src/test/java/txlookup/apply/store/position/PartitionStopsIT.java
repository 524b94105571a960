package txlookup.apply.store.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static txlookup.apply.store.batch.StoreFixture.CUTOVER;
import static txlookup.apply.store.batch.StoreFixture.entry;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.apply.store.batch.BatchEncoder;
import txlookup.apply.store.batch.StoreFixture;

/** A stop is kept with the partition, ends by an order or by its worker, and belongs to the newest claim. */
class PartitionStopsIT {
    private StoreFixture fixture;
    private PartitionStops stops;

    @BeforeEach
    void open() throws Exception {
        fixture = new StoreFixture();
        stops = fixture.store.stops();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aStopOutlivesItsClaimAndNamesReasonAndInstant() throws Exception {
        Lease claim = fixture.claim("ledger", 0);
        assertThat(stops.find(claim)).isEmpty();

        stops.stop(claim, "half of it is dead", 0.2);
        Lease next = fixture.claim("ledger", 0);

        assertThat(stops.find(next)).hasValueSatisfying(stop -> {
            assertThat(stop.reason()).isEqualTo("half of it is dead");
            assertThat(stop.share()).isEqualTo(0.2);
            assertThat(stop.resumeOrdered()).isFalse();
        });
        assertThatThrownBy(() -> stops.find(claim)).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> stops.stop(claim, "late", null)).isInstanceOf(FencedException.class);
    }

    @Test
    void anOrderHoldsForTheStopThatItFoundAndForNoLaterOne() throws Exception {
        Lease claim = fixture.claim("ledger", 0);
        assertThat(stops.orderResume(claim.source(), "kim", "mended")).isEmpty();
        stops.stop(claim, "gap", null);
        Instant first = stops.find(claim).orElseThrow().at();

        assertThat(stops.orderResume(claim.source(), "kim", "mended")).isPresent();
        assertThat(stops.find(claim).orElseThrow().resumeOrdered()).isTrue();
        stops.stop(claim, "still a gap", null);

        PartitionStops.Stop second = stops.find(claim).orElseThrow();
        assertThat(second.at()).isAfter(first);
        assertThat(second.resumeOrdered()).isFalse();
        assertThat(fixture.query("SELECT resume_ordered_by, resume_reason FROM coverage"))
                .containsExactly("kim mended");
    }

    @Test
    void aStopThatGoesOnKeepsItsInstant() throws Exception {
        Lease claim = fixture.claim("ledger", 0);
        stops.stop(claim, "gap of 3", null);
        Instant first = stops.find(claim).orElseThrow().at();
        stops.stop(claim, "gap of 5", null);
        assertThat(stops.find(claim)).hasValueSatisfying(stop -> {
            assertThat(stop.at()).isEqualTo(first);
            assertThat(stop.reason()).isEqualTo("gap of 5");
        });
    }

    @Test
    void whatIsToleratedStaysUntilSomebodySaysMore() throws Exception {
        Lease claim = fixture.claim("ledger", 0);
        assertThat(stops.toleratedTo(claim)).isEmpty();
        stops.stop(claim, "dead", 0.2);
        stops.resume(claim, OptionalLong.of(40));
        stops.stop(claim, "gap", null);
        stops.resume(claim, OptionalLong.empty());
        assertThat(stops.find(claim)).isEmpty();
        assertThat(stops.toleratedTo(claim)).hasValue(40);
    }

    @Test
    void attemptsThatAreTakenBackNeverBecomeNegative() throws Exception {
        Lease claim = fixture.claim("ledger", 0);
        assertThat(fixture.store.attempt(claim)).isEqualTo(1);
        fixture.store.withdrawAttempt(claim);
        fixture.store.withdrawAttempt(claim);
        assertThat(fixture.store.attempt(claim)).isEqualTo(1);
    }

    @Test
    void theLeaderEpochMovesWithThePosition() throws Exception {
        Lease claim = fixture.claim("ledger", 0);
        assertThat(claim.leaderEpoch()).isNull();
        BatchResult applied = fixture.store.apply(
                claim,
                new BatchEncoder().encode(List.of(entry("a", CUTOVER, 1L, 0))),
                StoreFixture::record,
                Checkpoint.ofStream(1, 10, CUTOVER, 7));
        assertThat(applied.claim().leaderEpoch()).isEqualTo(7);
        Lease again = fixture.claim("ledger", 0);
        assertThat(again.leaderEpoch()).isEqualTo(7);
        assertThat(fixture.apply(again, entry("b", CUTOVER, 1L, 1)).claim().leaderEpoch())
                .as("unknown: the old one would not belong to the new position")
                .isNull();
    }
}
