package txlookup.proof.compare;

import java.time.Duration;

/**
 * How a verification goes about its work.
 *
 * @param bucketBits buckets are 2 to the power of this
 * @param rowsAtOnce rows of differing buckets that are held in memory for one side and table
 * @param mostDifferences differences after which a table's search stops
 * @param confirmAfter how long a difference must last to count
 */
public record VerificationSettings(int bucketBits, int rowsAtOnce, int mostDifferences, Duration confirmAfter) {
    /** 262,144 buckets a table in 8 MB; ten rows a bucket in a table of a few million. */
    public static final VerificationSettings USUAL =
            new VerificationSettings(18, 500_000, 100_000, Duration.ofSeconds(2));

    /** The same with another time for differences to last. */
    public VerificationSettings confirmingAfter(Duration other) {
        return new VerificationSettings(bucketBits, rowsAtOnce, mostDifferences, other);
    }
}
