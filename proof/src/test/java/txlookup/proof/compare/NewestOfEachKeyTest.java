package txlookup.proof.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import txlookup.apply.model.PaymentOrder;
import txlookup.apply.model.Snapshot;
import txlookup.apply.model.Snapshot.Origin;

/** The fold has the same winners as the order of snapshots. */
class NewestOfEachKeyTest {
    private static final Instant START = Instant.parse("2026-02-05T01:00:00Z");
    private static final Window ALL = new Window(null, Instant.parse("2100-01-01T00:00:00Z"));

    // The second spills: a part's block holds 128 rows, and there are 1,024 parts.
    @ParameterizedTest
    @CsvSource({"2000, 20000, 1", "20000, 400000, 2", "300000, 300000, 3"})
    void onlyTheNewestOfEachKeyCounts(int keys, int rows, long seed) throws Exception {
        Random random = new Random(seed);
        Map<String, StoredVersion> newest = new HashMap<>();
        BucketChecksums folded = new BucketChecksums(12, ALL);
        try (NewestOfEachKey fold = new NewestOfEachKey(folded)) {
            for (int i = 0; i < rows; i++) {
                Snapshot snapshot = snapshot("key-" + random.nextInt(keys), random);
                newest.merge(snapshot.key(), StoredVersion.of(snapshot), StoredVersion::newer);
                fold.add(SnapshotRow.of(snapshot));
            }
            fold.finish();
        }
        BucketChecksums expected = new BucketChecksums(12, ALL);
        newest.values().forEach(held -> expected.add(new SnapshotRow(held)));

        assertThat(folded.differing(expected, true).cardinality())
                .as("seed %d", seed)
                .isZero();
        assertThat(folded.rows()).isEqualTo(rows);
    }

    @Test
    void aKeyWhoseNewestRowIsNotSettledIsNotJudgedByAnOlderOne() throws Exception {
        BucketChecksums folded = new BucketChecksums(8, new Window(null, START));
        Random random = new Random(4);
        try (NewestOfEachKey fold = new NewestOfEachKey(folded)) {
            fold.add(SnapshotRow.of(order("a", START, 1L, random.nextLong())));
            fold.add(SnapshotRow.of(order("a", START.plusSeconds(1), 2L, random.nextLong())));
            fold.finish();
        }

        assertThat(folded.differing(new BucketChecksums(8, ALL), true).cardinality())
                .isZero();
        assertThat(folded.unsettled()).isEqualTo(1);
    }

    /** Few different values, so that each of the order's criteria decides often. */
    private static Snapshot snapshot(String key, Random random) {
        Instant updatedAt = random.nextInt(3) == 0 ? null : START.plusSeconds(random.nextInt(-2, 2));
        Long version = random.nextInt(3) == 0 ? null : (long) random.nextInt(-2, 2);
        return order(key, updatedAt, version, random.nextInt(-3, 3));
    }

    private static Snapshot order(String key, Instant updatedAt, Long version, long digest) {
        Origin origin = new Origin(1, START.plusMillis(digest & 1), digest);
        return new PaymentOrder(key, null, null, BigDecimal.ONE, "PAID", START, updatedAt, version, origin);
    }
}
