package txlookup.consumer.worker;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.SourceHeaders;
import txlookup.apply.model.SourceRecord;

/**
 * What one poll brought for a partition.
 *
 * @param records the records, in the order of their offsets; may be empty where only transaction markers were passed
 * @param nextOffset the consumer's position after them
 * @param bytes what they weigh
 */
public record PolledRecords(List<ConsumerRecord<byte[], byte[]>> records, long nextOffset, long bytes) {
    public static PolledRecords of(List<ConsumerRecord<byte[], byte[]>> records, long nextOffset) {
        long bytes = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            bytes += size(record);
        }
        return new PolledRecords(records, nextOffset, bytes);
    }

    /**
     * As many from the beginning as there is room for; all where there is room for all.
     *
     * @param atLeastOne whether the first goes with them however much it weighs
     */
    PolledRecords first(int mostRecords, long mostBytes, boolean atLeastOne) {
        int fitting = 0;
        long weight = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            boolean wanted = atLeastOne && fitting == 0;
            if (!wanted && (fitting == mostRecords || weight + size(record) > mostBytes)) {
                return new PolledRecords(records.subList(0, fitting), record.offset(), weight);
            }
            weight += size(record);
            fitting++;
        }
        return this;
    }

    /** Those behind the {@code first}. */
    PolledRecords after(PolledRecords first) {
        return new PolledRecords(
                records.subList(first.records.size(), records.size()), nextOffset, bytes - first.bytes);
    }

    static long size(ConsumerRecord<byte[], byte[]> record) {
        return (long) Math.max(record.serializedKeySize(), 0) + Math.max(record.serializedValueSize(), 0);
    }

    /** The leader epoch of the record right before {@code nextOffset}; null where there is no record, or no epoch. */
    static @Nullable Integer leaderEpoch(List<ConsumerRecord<byte[], byte[]>> records, long nextOffset) {
        if (records.isEmpty()) {
            return null;
        }
        ConsumerRecord<byte[], byte[]> last = records.get(records.size() - 1);
        // Behind it may lie a marker of a transaction that a later leader wrote: its epoch is not the record's.
        return last.offset() + 1 == nextOffset ? last.leaderEpoch().orElse(null) : null;
    }

    static SourceRecord sourceRecord(ConsumerRecord<byte[], byte[]> record) {
        return new SourceRecord(
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                record.key(),
                record.value(),
                headers(record.headers()));
    }

    private static @Nullable SourceHeaders headers(Headers headers) {
        Header[] all = headers.toArray();
        return all.length == 0
                ? null
                : new SourceHeaders(Arrays.stream(all)
                        .map(header -> new SourceHeaders.Header(header.key(), header.value()))
                        .toList());
    }
}
