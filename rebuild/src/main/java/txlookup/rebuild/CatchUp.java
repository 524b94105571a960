package txlookup.rebuild;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import txlookup.apply.store.Generation;
import txlookup.apply.store.PartitionAnchor;
import txlookup.apply.store.StoreContents;
import txlookup.consumer.cutover.CutoverOffsets;

/** Waits until the stream is applied up to the ends that the partitions had when the wait began. */
public final class CatchUp {
    private static final Duration STALLED = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final Platform platform;
    private final StoreContents contents;

    /** Watches a platform whose consumers were started. */
    public CatchUp(Platform platform) {
        this.platform = platform;
        this.contents = new StoreContents(platform.store());
    }

    /**
     * Waits.
     *
     * @return how many records the generation has consumed by then
     * @throws StepFailure when no partition moves for a minute
     */
    public long await(Generation generation, List<String> topics) throws SQLException, InterruptedException {
        Map<String, Long> ends;
        try (CutoverOffsets offsets = new CutoverOffsets(platform.brokerSettings())) {
            ends = offsets.atEnd(topics).stream()
                    .collect(Collectors.toMap(
                            anchor -> anchor.topic() + "-" + anchor.partition(), PartitionAnchor::startOffset));
        }
        long lastMoved = System.nanoTime();
        long lastLag = Long.MAX_VALUE;
        while (true) {
            platform.requireConsumers();
            List<StoreContents.Partition> partitions = contents.stream(generation.number());
            long lag = partitions.stream()
                    .mapToLong(p -> Math.max(ends.get(p.topic() + "-" + p.partition()) - p.nextOffset(), 0))
                    .sum();
            if (lag == 0) {
                return partitions.stream().mapToLong(p -> p.counts().consumed()).sum();
            }
            if (lag < lastLag) {
                lastLag = lag;
                lastMoved = System.nanoTime();
            } else if (System.nanoTime() - lastMoved > STALLED.toNanos()) {
                throw new StepFailure(
                        FailureCause.SYNC_FAILED,
                        "the consumers do not move: %,d records are not applied, unchanged for %d s"
                                .formatted(lag, STALLED.toSeconds()),
                        "look at the consumer's log and /ready",
                        null);
            }
            Thread.sleep(LOOK_EVERY.toMillis());
        }
    }
}
