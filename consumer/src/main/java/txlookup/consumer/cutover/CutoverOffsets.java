package txlookup.consumer.cutover;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import txlookup.apply.store.generation.PartitionAnchor;
import txlookup.consumer.offsets.GapException;
import txlookup.consumer.offsets.TopicIds;

/**
 * Where a generation's stream has to begin so that backfill and stream together miss nothing (docs/architecture.md, The
 * cutover). The ranges may overlap, for applying twice changes nothing; a gap between them would be a loss.
 */
public final class CutoverOffsets implements AutoCloseable {
    private final Admin admin;
    private final TopicOffsets log;

    /** @param broker settings of an admin client; it is connected when it is first asked */
    public CutoverOffsets(Map<String, Object> broker) {
        this.admin = Admin.create(broker);
        this.log = new TopicOffsets(admin);
    }

    /**
     * Position anchor, for an extract that this pipeline makes itself afterwards: the end of every partition now. What was
     * published before is in the extract, what comes after is in the stream. Where a transaction is open, its first
     * record is taken for the end: what it brings may become true after the extract is read.
     */
    public List<PartitionAnchor> atEnd(Collection<String> topics) {
        List<TopicPartition> partitions = log.partitions(topics);
        return anchors(partitions, log.committedEnds(partitions));
    }

    /**
     * Time anchor, for an extract that was made elsewhere: the first record at or after an instant, in every partition, or
     * the first of an older transaction that is still open.
     *
     * @param from when the extract was read, less the overlap
     * @throws GapException when a log does not reach back to {@code from}, before anything is loaded
     */
    public List<PartitionAnchor> since(Collection<String> topics, Instant from) {
        List<TopicPartition> partitions = log.partitions(topics);
        // Read before the look-up: where no later record exists, the stream begins at an end that nothing can precede.
        Map<TopicPartition, Long> ends = log.ends(partitions);
        Map<TopicPartition, Long> committed = log.committedEnds(partitions);
        Map<TopicPartition, Long> found = log.since(partitions, from);
        // Read after it: what the log loses meanwhile is no witness.
        Map<TopicPartition, Long> begins = log.begins(partitions);
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long start = found.get(partition) < 0 ? ends.get(partition) : found.get(partition);
            if (!isWitnessed(begins.get(partition), start)) {
                throw gap(partition, from, begins.get(partition));
            }
            starts.put(partition, Math.min(start, committed.get(partition)));
        }
        return anchors(partitions, starts);
    }

    /** Only a record older than the wanted instant, or a log that never lost one, shows that none in between is gone. */
    private static boolean isWitnessed(long begin, long start) {
        return begin == 0 || start > begin;
    }

    private GapException gap(TopicPartition partition, Instant from, long begin) {
        String oldest = log.oldest(partition)
                .map(time -> "its oldest record is of %s".formatted(time))
                .orElse("it holds no record");
        return new GapException(
                "GAP_DETECTED %s: events since %s are wanted, and the log begins at offset %d, where %s. No older record shows that nothing in between is gone; take a newer extract or lengthen the retention"
                        .formatted(partition, from, begin, oldest));
    }

    /**
     * Checks that the log still holds what the stream has to read next.
     *
     * @param positions in each partition the first offset that is not applied
     * @throws GapException when one of them lies outside its log
     */
    public void requireHeld(Collection<PartitionAnchor> positions) {
        Map<TopicPartition, Long> wanted = positions.stream()
                .collect(Collectors.toMap(
                        at -> new TopicPartition(at.topic(), at.partition()), PartitionAnchor::startOffset));
        Map<TopicPartition, Long> ends = log.ends(wanted.keySet());
        log.begins(wanted.keySet()).forEach((partition, begin) -> {
            long next = wanted.get(partition);
            if (next < begin) {
                throw new GapException(
                        "GAP_DETECTED %s: offset %d is wanted and the log begins at %d: %d records are gone. Begin a new generation, and lengthen the retention if they were lost to it"
                                .formatted(partition, next, begin, begin - next));
            }
            if (next > ends.get(partition)) {
                throw new GapException(
                        "GAP_DETECTED %s: offset %d is wanted and the log ends at %d, so it is not the log that was pinned. Begin a new generation"
                                .formatted(partition, next, ends.get(partition)));
            }
        });
    }

    /**
     * Checks that what is published stays until it is applied: compaction keeps the last record of a key, which after
     * publishing out of order may be the older version. A broker that does not tell is believed, with a warning.
     *
     * @throws GapException when a topic is compacted
     */
    public void requireReplayable(Collection<String> topics) {
        for (String topic : topics) {
            log.cleanupPolicy(topic)
                    .filter(policy -> policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT))
                    .ifPresent(policy -> {
                        throw new GapException(
                                "GAP_DETECTED %s: cleanup.policy is %s, and compaction keeps the last record of a key, which need not be its newest version. Set cleanup.policy=delete, then take a new extract"
                                        .formatted(topic, policy));
                    });
        }
    }

    private List<PartitionAnchor> anchors(List<TopicPartition> partitions, Map<TopicPartition, Long> starts) {
        TopicIds topicIds = new TopicIds(admin);
        Map<String, String> ids = new HashMap<>();
        List<PartitionAnchor> anchors = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            String id = ids.computeIfAbsent(
                    partition.topic(), topic -> topicIds.of(topic).orElse(""));
            anchors.add(new PartitionAnchor(
                    partition.topic(), partition.partition(), id.isEmpty() ? null : id, starts.get(partition)));
        }
        return anchors;
    }

    @Override
    public void close() {
        admin.close(TopicOffsets.PATIENCE);
    }
}
