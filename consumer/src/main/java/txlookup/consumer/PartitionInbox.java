package txlookup.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What was polled for a partition and is not applied: filled by the polling thread, emptied by the partition's worker. */
final class PartitionInbox {
    private final ConsumerSettings settings;
    private final LinkedBlockingQueue<PolledRecords> waiting = new LinkedBlockingQueue<>();
    // Both count what is taken and not yet applied as well: it fills the memory all the same.
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    PartitionInbox(ConsumerSettings settings) {
        this.settings = settings;
    }

    void add(PolledRecords polled) {
        records.addAndGet(polled.records().size());
        bytes.addAndGet(polled.bytes());
        waiting.add(polled);
    }

    /** The next poll's records; null when none came in {@code millis}. */
    @Nullable
    PolledRecords next(long millis) throws InterruptedException {
        return waiting.poll(millis, TimeUnit.MILLISECONDS);
    }

    /** Puts as much of what waits behind {@code first} with it as one batch may hold. */
    PolledRecords gather(PolledRecords first) {
        List<ConsumerRecord<byte[], byte[]>> gathered = new ArrayList<>(first.records());
        long nextOffset = first.nextOffset();
        long weight = first.bytes();
        for (PolledRecords next = waiting.peek();
                next != null
                        && gathered.size() + next.records().size() <= settings.batchRecords()
                        && weight + next.bytes() <= settings.batchBytes();
                next = waiting.peek()) {
            PolledRecords taken = waiting.remove();
            gathered.addAll(taken.records());
            nextOffset = taken.nextOffset();
            weight += taken.bytes();
        }
        return new PolledRecords(gathered, nextOffset, weight);
    }

    void applied(PolledRecords taken) {
        records.addAndGet(-taken.records().size());
        bytes.addAndGet(-taken.bytes());
    }

    boolean hasFullBatch() {
        return records.get() >= settings.batchRecords();
    }

    /** Whether two batches wait already, so that polling more would only fill memory. */
    boolean isFull() {
        return records.get() >= 2L * settings.batchRecords() || bytes.get() >= 2 * settings.batchBytes();
    }

    boolean hasRoom() {
        return records.get() < settings.batchRecords() && bytes.get() < settings.batchBytes();
    }
}
