package txlookup.apply.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The whole latest state of one entity as one event or row tells it (docs/contract.md, Events). Which of two snapshots
 * of a key wins is decided by {@link SnapshotOrder} alone.
 */
public sealed interface Snapshot extends Decoded permits LedgerEntry, PaymentOrder {
    /** The entity's primary key: {@code tx_id} or {@code order_id}. */
    String key();

    /** When the source last changed the entity, to the microsecond; null where it does not say. */
    @Nullable
    Instant updatedAt();

    /** The source's version of the entity; null where it does not say. */
    @Nullable
    Long version();

    /** What brought this snapshot, and the last two criteria of the order. */
    Origin origin();

    /** The same snapshot at another position: a repair counts its own. */
    Snapshot at(long position);

    /**
     * Where a snapshot comes from.
     *
     * @param position offset, line or row number in its source
     * @param time Kafka record time, or the instant at which the backfill's source was read
     * @param digest first 8 bytes of SHA-256 over the canonical content; equal digests mean equal content
     */
    public record Origin(long position, Instant time, long digest) {
        Origin at(long other) {
            return new Origin(other, time, digest);
        }
    }
}
