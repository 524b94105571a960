package txlookup.consumer;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import txlookup.apply.store.Claim;

/** Checks, before a partition is read, that its log still holds what is wanted and is the log that was anchored. */
public final class LogBounds {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Consumer<byte[], byte[]> kafka;
    private final TopicIds topicIds;

    /** @param kafka the subscription's consumer; used in its thread only */
    public LogBounds(Consumer<byte[], byte[]> kafka, TopicIds topicIds) {
        this.kafka = kafka;
        this.topicIds = topicIds;
    }

    /**
     * @throws GapException when the position lies outside the log, or the topic was deleted and made again
     * @throws org.apache.kafka.common.errors.RetriableException when the broker cannot be asked now
     */
    void requireHeld(TopicPartition partition, Claim claim) {
        long wanted = claim.nextPosition();
        List<TopicPartition> one = List.of(partition);
        Optional<String> topicId = topicIds.of(partition.topic());
        if (claim.topicId() != null && topicId.isPresent() && !topicId.get().equals(claim.topicId())) {
            throw TopicWatch.madeAgain(claim, topicId.get());
        }
        long begin = kafka.beginningOffsets(one, PATIENCE).get(partition);
        if (wanted < begin) {
            throw new GapException(lost(partition, wanted, begin));
        }
        long end = kafka.endOffsets(one, PATIENCE).get(partition);
        if (wanted > end) {
            throw new GapException(
                    "%s: offset %d is wanted and the log ends at %d, so it is not the log that was read before; a rebuild is due"
                            .formatted(partition, wanted, end));
        }
    }

    /** What to say when the broker refused to read on. */
    GapException gap(Map<TopicPartition, Long> wanted) {
        List<String> lost = new ArrayList<>();
        Map<TopicPartition, Long> begins = kafka.beginningOffsets(wanted.keySet(), PATIENCE);
        wanted.forEach((partition, offset) -> lost.add(lost(partition, offset, begins.get(partition))));
        return new GapException(String.join("; ", lost));
    }

    private String lost(TopicPartition partition, long wanted, long begin) {
        OffsetAndTimestamp first =
                kafka.offsetsForTimes(Map.of(partition, 0L), PATIENCE).get(partition);
        return "%s: offset %d is wanted and the log begins at %d%s: %d records are gone; a rebuild is due"
                .formatted(
                        partition,
                        wanted,
                        begin,
                        first == null ? ", where nothing is left" : " of " + Instant.ofEpochMilli(first.timestamp()),
                        begin - wanted);
    }

    TopicIds topicIds() {
        return topicIds;
    }
}
