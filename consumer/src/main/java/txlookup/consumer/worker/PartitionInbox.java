package txlookup.consumer.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What was polled for a partition and is not applied: filled by the polling thread, emptied by the partition's worker. */
public final class PartitionInbox {
    // What a record takes beside its bytes: itself, its arrays' heads, its headers.
    private static final long RECORD_BYTES = 300;

    private final SubscriptionSettings settings;
    private final LongSupplier mostBytes;
    private final Queue<PolledRecords> polls = new ConcurrentLinkedQueue<>();
    private final Semaphore news = new Semaphore(0);
    private final AtomicLong waitingRecords = new AtomicLong();
    private final AtomicLong waitingBytes = new AtomicLong();
    private @Nullable PolledRecords begun;

    /** @param mostBytes of memory that may wait here, by and large: the last poll comes on top */
    PartitionInbox(SubscriptionSettings settings, LongSupplier mostBytes) {
        this.settings = settings;
        this.mostBytes = mostBytes;
    }

    void add(PolledRecords polled) {
        waitingRecords.addAndGet(polled.records().size());
        waitingBytes.addAndGet(polled.bytes());
        polls.add(polled);
        wake();
    }

    /** Lets {@link #await} return, although there may be nothing to take. */
    void wake() {
        news.release();
    }

    /** Whether there is something to take, before {@code millis} are over or somebody called {@link #wake}. */
    boolean await(long millis) throws InterruptedException {
        if (isEmpty() && news.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
            news.drainPermits();
        }
        if (begun == null) {
            begun = polls.poll();
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
        waitingRecords.addAndGet(-taken.records().size());
        waitingBytes.addAndGet(-taken.bytes());
        return taken;
    }

    /** Whether nothing waits; for the thread that takes. */
    boolean isEmpty() {
        return begun == null && polls.isEmpty();
    }

    /** Whether enough waits for a batch, or as much as there is memory for; what is polled beyond it, while one is applied, would only fill memory. */
    public boolean isFull() {
        long memory = waitingBytes.get() + waitingRecords.get() * RECORD_BYTES;
        return waitingRecords.get() >= settings.batchRecords()
                || waitingBytes.get() >= settings.batchBytes()
                || memory >= mostBytes.getAsLong();
    }

    /** Forgets all that waits; only while nobody takes. */
    void clear() {
        polls.clear();
        begun = null;
        waitingRecords.set(0);
        waitingBytes.set(0);
    }
}
