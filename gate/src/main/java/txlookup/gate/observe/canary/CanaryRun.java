package txlookup.gate.observe.canary;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import txlookup.gate.observe.store.StoreQueries.Passed;

/** What became of a run's markers, by the clock of the process that published them and looks for them: no two clocks differ. */
final class CanaryRun {
    /**
     * A marker that is settled.
     *
     * @param round when its round was published
     * @param nanos how long it took, or was waited for
     * @param lost null when it was visible in time, else what is known of it
     */
    record Settled(
            TopicPartition partition,
            long sequence,
            Instant round,
            long nanos,
            @Nullable String lost) {}

    private record Waiting(TopicPartition partition, long sequence, Instant round, long sentAt) {}

    private static final class Partition {
        final Map<Long, Waiting> waiting = new TreeMap<>();
        long published;
        long refused;
        long passed;
    }

    private final long deadlineNanos;
    private final Map<TopicPartition, Partition> partitions = new LinkedHashMap<>();
    private final List<Settled> settled = new ArrayList<>();
    private String unseen = "";

    /** @param deadline a marker that is not visible then is lost, even if it comes later */
    CanaryRun(Duration deadline, List<TopicPartition> partitions) {
        this.deadlineNanos = deadline.toNanos();
        partitions.forEach(one -> this.partitions.put(one, new Partition()));
    }

    /** Counts a marker as published; returns its number. */
    synchronized long published(TopicPartition partition, Instant round, long now) {
        Partition of = partitions.get(partition);
        of.published++;
        of.waiting.put(of.published, new Waiting(partition, of.published, round, now));
        return of.published;
    }

    synchronized void refused(TopicPartition partition, long sequence, String failure, long now) {
        Partition of = partitions.get(partition);
        Waiting marker = of.waiting.remove(sequence);
        if (marker != null) {
            of.refused++;
            settle(marker, now, "the broker did not take it: " + failure);
        }
    }

    /** Settles what is visible, and what has waited too long. */
    synchronized void seen(List<Passed> visible, long now) {
        unseen = "";
        for (Passed passed : visible) {
            Partition of = partitions.get(passed.partition());
            if (of != null) {
                of.passed = passed.markers();
                of.waiting.values().removeIf(marker -> {
                    boolean there = marker.sequence() <= passed.sequence() && now - marker.sentAt() <= deadlineNanos;
                    if (there) {
                        settle(marker, now, null);
                    }
                    return there;
                });
            }
        }
        giveUp(now);
    }

    /** It was not to be learnt what is visible. */
    synchronized void unseen(String failure, long now) {
        unseen = "; what is visible is not known: " + failure;
        giveUp(now);
    }

    private void giveUp(long now) {
        for (Partition of : partitions.values()) {
            of.waiting.values().removeIf(marker -> {
                boolean late = now - marker.sentAt() > deadlineNanos;
                if (late) {
                    settle(marker, marker.sentAt() + deadlineNanos, "not visible in time" + unseen);
                }
                return late;
            });
        }
    }

    private void settle(Waiting marker, long now, @Nullable String lost) {
        settled.add(new Settled(marker.partition(), marker.sequence(), marker.round(), now - marker.sentAt(), lost));
    }

    synchronized boolean allSettled() {
        return partitions.values().stream().allMatch(of -> of.waiting.isEmpty());
    }

    synchronized List<Settled> settled() {
        return List.copyOf(settled);
    }

    /** Markers that the broker took, that are behind a visible one, and that the consumer never passed. */
    synchronized long skipped(TopicPartition partition) {
        Partition of = partitions.get(partition);
        long taken = of.published - of.refused;
        long lost = settled.stream()
                .filter(one -> one.partition().equals(partition) && one.lost() != null)
                .count();
        return Math.max(0, taken - of.passed - (lost - of.refused));
    }

    synchronized List<TopicPartition> partitions() {
        return List.copyOf(partitions.keySet());
    }
}
