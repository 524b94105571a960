package txlookup.azure.hub;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import txlookup.apply.store.generation.PartitionAnchor;
import txlookup.azure.hub.HubPartitions.HubPartition;

/**
 * Whether the hubs still hold what the stream is to begin with, and for how long. What the log lost is a NO_GO before it
 * is missed, never a silent gap (docs/architecture.md, invariant 4).
 */
public final class StreamHeadroom {
    private final HubPartitions hubs;
    private final Duration retention;
    private final Duration margin;

    /**
     * Takes what an environment wants of its hubs.
     *
     * @param retention how long a hub keeps an event
     * @param margin how much of it has to be left
     */
    public StreamHeadroom(HubPartitions hubs, Duration retention, Duration margin) {
        this.hubs = hubs;
        this.retention = retention;
        this.margin = margin;
    }

    /**
     * Looks at every partition in which the stream is to begin or to go on.
     *
     * @param next the first event of each partition that is not applied yet
     * @param since nothing before this instant is wanted
     * @return one line that says how it stands
     * @throws IOException when an event that is wanted is gone, or soon will be; names every partition
     */
    public String require(List<PartitionAnchor> next, Instant since, Instant now) throws IOException {
        Map<String, List<HubPartition>> told = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        long behind = 0;
        for (PartitionAnchor wanted : next) {
            if (!told.containsKey(wanted.topic())) {
                told.put(wanted.topic(), hubs.of(wanted.topic()));
            }
            HubPartition partition = told.get(wanted.topic()).stream()
                    .filter(each -> each.partition() == wanted.partition())
                    .findFirst()
                    .orElse(null);
            if (partition == null) {
                problems.add("%s-%d is not there".formatted(wanted.topic(), wanted.partition()));
                continue;
            }
            if (partition.beginning() > wanted.startOffset()) {
                problems.add("%s-%d begins at %d and %d is wanted: %,d events are gone"
                        .formatted(
                                wanted.topic(),
                                wanted.partition(),
                                partition.beginning(),
                                wanted.startOffset(),
                                partition.beginning() - wanted.startOffset()));
            } else if (partition.last() + 1 < wanted.startOffset()) {
                problems.add("%s-%d ends at %d and %d is wanted: the hub was made again"
                        .formatted(wanted.topic(), wanted.partition(), partition.last(), wanted.startOffset()));
            }
            behind += Math.max(0, partition.last() + 1 - wanted.startOffset());
        }
        // With nothing to apply nothing can be lost, however long ago the cutover was.
        Duration left = retention.minus(Duration.between(since, now));
        if (behind > 0 && left.compareTo(margin) < 0) {
            problems.add("%,d events since %s wait, and %s of the retention of %s is left, less than cutover.margin %s"
                    .formatted(behind, since, left, retention, margin));
        }
        if (!problems.isEmpty()) {
            throw new IOException("the hubs do not hold what the stream begins with: %s; begin a new rebuild"
                    .formatted(String.join("; ", problems)));
        }
        return "the hubs hold every anchor, %,d events wait, headroom %s, newest event %s"
                .formatted(behind, left, newest(told));
    }

    private static String newest(Map<String, List<HubPartition>> told) {
        return told.values().stream()
                .flatMap(List::stream)
                .filter(partition -> partition.last() >= 0)
                .map(HubPartition::lastEnqueued)
                .max(Instant::compareTo)
                .map(Instant::toString)
                .orElse("none yet");
    }
}
