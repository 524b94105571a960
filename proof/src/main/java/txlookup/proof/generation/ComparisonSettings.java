package txlookup.proof.generation;

import java.time.Duration;

/**
 * How two generations are compared.
 *
 * @param rangeRows keys of one range, which is read in a transaction of its own
 * @param mostDifferences keys that differ after which no further range is read
 * @param rounds how often keys that differ are read again
 * @param levelWithin how long both consumers may take to reach the positions that a round waits for
 * @param lookEvery how often it is looked whether they did
 */
public record ComparisonSettings(
        int rangeRows, int mostDifferences, int rounds, Duration levelWithin, Duration lookEvery) {
    /** At most 50,000 keys of some hundred bytes in memory. */
    public static final ComparisonSettings USUAL =
            new ComparisonSettings(20_000, 50_000, 5, Duration.ofSeconds(60), Duration.ofMillis(200));
}
