package txlookup.gate.observe.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import txlookup.gate.observe.store.LogOffsets.Log;
import txlookup.gate.observe.store.StoreQueries.Partition;

class CoverageProofTest {
    private static final Log LOG = new Log(new TopicPartition("ledger", 0), Optional.of("id-1"));

    private static List<String> violations(long frozen, long begin, long end, Partition partition) {
        return new CoverageProof(Map.of("ledger-0", frozen), Map.of("ledger-0", begin), Map.of("ledger-0", end))
                .violations(List.of(LOG), Map.of("ledger-0", partition));
    }

    private static Partition applied(long next, long consumed, long accounted) {
        return new Partition("ledger", 0, "id-1", 10, next, consumed, accounted, 0);
    }

    @Test
    void allAppliedAndAccountedForIsProven() {
        assertThat(violations(30, 0, 40, applied(30, 20, 20))).isEmpty();
    }

    @Test
    void offsetsWithoutRecordsAreNoHole() {
        assertThat(violations(30, 0, 40, applied(30, 15, 15))).isEmpty();
    }

    @Test
    void everyWayToLoseSomethingIsNamed() {
        assertThat(violations(31, 0, 40, applied(30, 20, 20)))
                .containsExactly("ledger-0 is applied up to 30 of 31 that were there when the gate began");
        assertThat(violations(30, 35, 40, applied(30, 20, 20)))
                .containsExactly("ledger-0 lost offsets 30 to 34 before they were applied");
        assertThat(violations(20, 0, 25, applied(30, 20, 20)))
                .containsExactly("ledger-0 ends at 25 and was applied up to 30, so it is another log");
        assertThat(violations(30, 0, 40, applied(30, 20, 19)))
                .containsExactly("ledger-0 consumed 20 records and accounts for 19");
        assertThat(violations(30, 0, 40, applied(30, 21, 21)))
                .containsExactly("ledger-0 consumed 21 records from 20 offsets");
        assertThat(violations(30, 0, 40, new Partition("ledger", 0, "id-2", 10, 30, 20, 20, 0)))
                .containsExactly("ledger-0 was deleted and made again");
    }

    @Test
    void aPartitionWithoutAnAnchorAndAnAnchorWithoutAPartitionAreNamed() {
        Partition other = new Partition("ledger", 1, null, 0, 0, 0, 0, 0);

        assertThat(new CoverageProof(Map.of(), Map.of("ledger-0", 0L), Map.of("ledger-0", 0L))
                        .violations(List.of(LOG), Map.of("ledger-1", other)))
                .containsExactly(
                        "ledger-0 has no anchor, so nobody applies it",
                        "ledger-1 was anchored and is not in the broker");
    }
}
