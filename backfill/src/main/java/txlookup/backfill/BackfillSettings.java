package txlookup.backfill;

import java.time.Duration;
import java.time.Instant;

/**
 * What a backfill needs to know, as plain values.
 *
 * @param generation the generation's number
 * @param cutover {@code T_cutover}, as pinned
 * @param asOf when the source was read, for inputs that do not say so themselves; contract.md's fourth criterion
 * @param owner who claims the inputs, for people who read the coverage
 * @param chunkRows rows in one transaction
 * @param decodeThreads threads that decode and write; 0 is one for each processor
 * @param maxFutureSkew how far {@code updated_at} may be ahead of this process's clock (contract.md)
 */
public record BackfillSettings(
        long generation,
        Instant cutover,
        Instant asOf,
        String owner,
        int chunkRows,
        int decodeThreads,
        Duration maxFutureSkew) {
    int threads() {
        return decodeThreads == 0 ? Runtime.getRuntime().availableProcessors() : decodeThreads;
    }
}
