package txlookup.rebuild.steps;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.PartitionAnchor;
import txlookup.apply.store.position.StoreStats;
import txlookup.consumer.cutover.CutoverOffsets;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.platform.Platform;
import txlookup.rebuild.serving.GenerationReads;

/** Waits until the stream is applied up to the ends that the partitions had when the wait began. */
public final class CatchUp {
    private static final Duration STALLED = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final Platform platform;
    /** Watches a platform whose consumers were started. */
    public CatchUp(Platform platform) {
        this.platform = platform;
    }

    /**
     * Waits.
     *
     * @return how many records the generation has consumed by then
     * @throws StepFailure when a partition is stopped, with its reason, or no partition moves for a minute
     */
    public long await(Generation generation, List<String> topics) throws SQLException, InterruptedException {
        Map<String, Long> ends;
        try (CutoverOffsets offsets = new CutoverOffsets(platform.brokerSettings())) {
            ends = offsets.atEnd(topics).stream()
                    .collect(Collectors.toMap(
                            anchor -> anchor.topic() + "-" + anchor.partition(), PartitionAnchor::startOffset));
        }
        StoreStats contents = new StoreStats(platform.store(generation.number()));
        GenerationReads reads = new GenerationReads(platform.store(generation.number()));
        long lastMoved = System.nanoTime();
        long lastLag = Long.MAX_VALUE;
        while (true) {
            platform.requireConsumers(generation);
            List<StoreStats.Partition> partitions = contents.stream();
            long lag = partitions.stream()
                    .mapToLong(p -> Math.max(ends.get(p.topic() + "-" + p.partition()) - p.nextOffset(), 0))
                    .sum();
            if (lag == 0) {
                return partitions.stream().mapToLong(p -> p.counts().consumed()).sum();
            }
            requireNoneStopped(generation, reads.stopped());
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

    /** A stopped partition moves when somebody mended it and resumed it; no wait brings that about. */
    private static void requireNoneStopped(Generation generation, List<String> stopped) {
        if (!stopped.isEmpty()) {
            throw new StepFailure(
                    FailureCause.SYNC_FAILED,
                    "generation %d is stopped in %d partitions: %s"
                            .formatted(generation.number(), stopped.size(), String.join("; ", stopped)),
                    "mend what the reason names, then begin a new rebuild",
                    null);
        }
    }
}
