package txlookup.consumer.poll;

/**
 * How much of the heap records may take, however many partitions catch up at once.
 *
 * @param fetched bytes that the Kafka client may hold: fetched and not polled
 * @param waiting bytes that may be polled and not yet taken for a batch; about as much is being applied
 */
public record MemoryBounds(long fetched, long waiting) {
    private static final long LEAST_FETCH = 16 * 1024;

    /** An eighth of the heap is fetched at most, and a sixteenth waits. */
    public static MemoryBounds ofThisProcess() {
        long heap = Runtime.getRuntime().maxMemory();
        return new MemoryBounds(heap / 8, heap / 16);
    }

    /** What one answer may hold of one partition: the client keeps an answer for each of them. */
    int fetchOf(int partitions) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(LEAST_FETCH, fetched / Math.max(1, partitions)));
    }

    /** What may wait for one partition: each the same, so that none keeps another from being polled. */
    long waitingOf(int partitions) {
        return waiting / Math.max(1, partitions);
    }
}
