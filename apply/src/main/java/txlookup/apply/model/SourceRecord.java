package txlookup.apply.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One record or row as its source delivered it, before anything is known about its content.
 *
 * @param position offset in the partition; line (file) or row number (table) in a backfill input
 * @param time the source position in time of docs/contract.md's fourth criterion: the Kafka record's timestamp, or the
 *     instant at which the backfill's source was read
 * @param key the record's key as it came; null where there is none
 * @param value the record's bytes as they came; null for a tombstone
 * @param headers the record's headers; null where there are none
 */
@SuppressWarnings("ArrayRecordComponent") // The bytes are handed through untouched; records are never compared.
public record SourceRecord(
        long position,
        Instant time,
        byte @Nullable [] key,
        byte @Nullable [] value,
        @Nullable SourceHeaders headers) {
    /** A record without key and headers, as a backfill reads it. */
    public SourceRecord(long position, Instant time, byte[] value) {
        this(position, time, null, value, null);
    }
}
