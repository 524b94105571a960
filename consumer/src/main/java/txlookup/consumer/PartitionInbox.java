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
    /** One is applied, one waits. */
    private static final int MOST_BATCHES = 2;

    private final ConsumerSettings settings;
    private final LinkedBlockingQueue<PolledRecords> polls = new LinkedBlockingQueue<>();
    private final Amount waiting = new Amount();
    // What is taken and not yet applied as well: it fills the memory all the same.
    private final Amount held = new Amount();
    private @Nullable PolledRecords begun;

    private record Amount(AtomicLong records, AtomicLong bytes) {
        Amount() {
            this(new AtomicLong(), new AtomicLong());
        }

        void add(PolledRecords polled) {
            records.addAndGet(polled.records().size());
            bytes.addAndGet(polled.bytes());
        }

        void remove(PolledRecords polled) {
            records.addAndGet(-polled.records().size());
            bytes.addAndGet(-polled.bytes());
        }

        boolean isAtLeast(int batches, ConsumerSettings settings) {
            return records.get() >= (long) batches * settings.batchRecords()
                    || bytes.get() >= batches * settings.batchBytes();
        }
    }

    PartitionInbox(ConsumerSettings settings) {
        this.settings = settings;
    }

    void add(PolledRecords polled) {
        held.add(polled);
        waiting.add(polled);
        polls.add(polled);
    }

    /** Whether there is something to take, before {@code millis} are over. */
    boolean await(long millis) throws InterruptedException {
        if (begun == null) {
            begun = polls.poll(millis, TimeUnit.MILLISECONDS);
        }
        return begun != null;
    }

    /** Takes as much of what waits as one batch may hold, at least one record; only after something was awaited. */
    PolledRecords take() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        PolledRecords taken = new PolledRecords(records, 0, 0);
        PolledRecords next = begun == null ? polls.remove() : begun;
        begun = null;
        while (next != null) {
            PolledRecords fitting = next.first(
                    settings.batchRecords() - records.size(), settings.batchBytes() - taken.bytes(), records.isEmpty());
            records.addAll(fitting.records());
            taken = new PolledRecords(records, fitting.nextOffset(), taken.bytes() + fitting.bytes());
            if (fitting.records().size() < next.records().size()) {
                begun = next.after(fitting);
                break;
            }
            next = polls.poll();
        }
        waiting.remove(taken);
        return taken;
    }

    void applied(PolledRecords taken) {
        held.remove(taken);
    }

    boolean hasFullBatch() {
        return waiting.isAtLeast(1, settings);
    }

    /** Whether polling more would only fill memory. */
    boolean isFull() {
        return held.isAtLeast(MOST_BATCHES, settings);
    }

    boolean hasRoom() {
        return !held.isAtLeast(MOST_BATCHES - 1, settings);
    }
}
