package txlookup.backfill.pipeline;

import java.time.Duration;
import java.time.Instant;
import txlookup.backfill.source.Input;

/**
 * What a backfill needs to know, as plain values.
 *
 * @param generation the generation's number
 * @param cutover {@code T_cutover}, as pinned
 * @param asOf when the source was read, for inputs that do not say so themselves; docs/contract.md's fourth criterion
 * @param owner who claims the inputs, for people who read the coverage
 * @param chunkRows rows in one transaction
 * @param decodeThreads threads that decode and write; 0 is one for each processor
 * @param maxFutureSkew how far {@code updated_at} may be ahead of this process's clock (docs/contract.md)
 * @param chunkBytes bytes of rows in one transaction, at most
 * @param maxDeadShare share of dead letters, of 1, in the first rows of an input above which it is not loaded
 * @param backoffFirst first wait after the store or a source was found away; doubled up to {@code backoffMost}, with jitter
 * @param backoffMost longest wait between two tries
 * @param snapshotHeld how long a pause, or giving way, may keep a source's snapshot open
 */
public record LoadSettings(
        long generation,
        Instant cutover,
        Instant asOf,
        String owner,
        int chunkRows,
        int decodeThreads,
        Duration maxFutureSkew,
        long chunkBytes,
        double maxDeadShare,
        Duration backoffFirst,
        Duration backoffMost,
        Duration snapshotHeld) {
    /** With what a profile has for the rest, and dead letters in any number. */
    public LoadSettings(
            long generation,
            Instant cutover,
            Instant asOf,
            String owner,
            int chunkRows,
            int decodeThreads,
            Duration maxFutureSkew) {
        this(
                generation,
                cutover,
                asOf,
                owner,
                chunkRows,
                decodeThreads,
                maxFutureSkew,
                Input.Reader.USUAL_BYTES,
                1,
                Duration.ofMillis(200),
                Duration.ofSeconds(30),
                Duration.ofMinutes(1));
    }

    public int threads() {
        return decodeThreads == 0 ? Runtime.getRuntime().availableProcessors() : decodeThreads;
    }
}
