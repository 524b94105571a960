package txlookup.consumer.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import txlookup.apply.store.batch.Batch;

/**
 * How much of a partition's latest records is dead. A bad record now and then is set aside; when most are bad, the event
 * profile or the producer is at fault, and going on would drain the topic into the dead letters.
 */
final class DeadLetterRateLimit {
    /** How many records back the share looks. */
    static final int WINDOW = 1_000;

    // Fewer prove nothing: one bad record on a quiet topic is a batch of its own.
    private static final int LEAST_RECORDS = 100;

    private record Seen(int records, int dead) {}

    private final TopicPartition partition;
    private final double most;
    private final long tolerateTo;
    private final Deque<Seen> window = new ArrayDeque<>();
    private int records;
    private int dead;
    private boolean tolerates;

    /**
     * @param recordsBefore records before the first batch, at most {@link #WINDOW}, so that a restart forgets nothing
     * @param deadBefore how many of those are dead
     * @param tolerateTo batches that begin before this offset may be all dead, and are forgotten afterwards
     */
    DeadLetterRateLimit(TopicPartition partition, double most, int recordsBefore, int deadBefore, long tolerateTo) {
        this.partition = partition;
        this.most = most;
        this.tolerateTo = tolerateTo;
        add(recordsBefore, deadBefore);
    }

    /**
     * Asks before a batch is applied.
     *
     * @throws SystemicFaultException when too many of the latest records, those of the batch included, are dead
     */
    void require(Batch batch, long fromOffset) {
        tolerates = fromOffset < tolerateTo;
        if (tolerates) {
            return;
        }
        Map<String, Long> reasons = batch.deadLetters().stream()
                .map(letter -> letter.reason().wireName())
                .collect(Collectors.groupingBy(reason -> reason, TreeMap::new, Collectors.counting()));
        int deadNow = batch.deadLetters().size();
        // Without markers: on a quiet topic they would make any share small.
        int allRecords = records + batch.consumed();
        int allDead = dead + deadNow;
        if (deadNow > 0 && allRecords >= LEAST_RECORDS && allDead > most * allRecords) {
            throw new SystemicFaultException(
                    ("%s: %d of the latest %d records are dead letters, more than the share of %s (consumer.maxDeadShare); "
                                    + "the %d records from offset %d on, with %s, are not applied. Mend the event profile or the "
                                    + "producer; to set such records aside all the same: txlookup consume --resume %s --reason TEXT")
                            .formatted(
                                    partition,
                                    allDead,
                                    allRecords,
                                    most,
                                    batch.consumed(),
                                    fromOffset,
                                    reasons,
                                    partition),
                    most);
        }
    }

    void add(int batchRecords, int batchDead) {
        if (tolerates) {
            return;
        }
        window.add(new Seen(batchRecords, batchDead));
        records += batchRecords;
        dead += batchDead;
        while (records - window.element().records() >= WINDOW) {
            Seen oldest = window.remove();
            records -= oldest.records();
            dead -= oldest.dead();
        }
    }
}
