package txlookup.gate.observe.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.observe.record.Recorder;
import txlookup.gate.observe.record.ServiceHttp;
import txlookup.gate.observe.store.LogOffsets.Log;
import txlookup.gate.observe.store.StoreQueries.Partition;

/**
 * The log beside the store: how old the oldest record is that is not applied, how much retention that leaves it, and at
 * the end whether all that was published when the observation began is accounted for (docs/architecture.md,
 * Completeness).
 */
public final class LogReadings implements ObservationSource {
    private static final String SOURCE = "log";
    private static final String AGE = "oldest_unapplied_seconds";
    private static final String HEADROOM = "headroom_seconds";
    private static final String VIOLATIONS = "coverage_violations";
    private static final double MILLIS = 1000;

    private final LogOffsets offsets;
    private final StoreQueries queries;
    private final long generation;
    private final Duration retention;
    private final Map<String, Deque<End>> endsSeen = new HashMap<>();
    private @Nullable Map<String, Long> frozen;
    private @Nullable String notFrozen;

    private record End(long offset, long atMillis) {}

    /**
     * Compares a log with a store.
     *
     * @param retention of topics for which the broker does not say it
     */
    public LogReadings(LogOffsets offsets, StoreQueries queries, long generation, Duration retention) {
        this.offsets = offsets;
        this.queries = queries;
        this.generation = generation;
        this.retention = retention;
    }

    @Override
    public void begin(Recorder recorder) {
        try {
            frozen = offsets.ends(offsets.logs());
        } catch (KafkaException e) {
            notFrozen = ServiceHttp.said(e);
        }
    }

    @Override
    public void sample(Recorder recorder) {
        try {
            List<Log> logs = offsets.logs();
            Map<String, Long> begins = offsets.begins(logs);
            // Ends before positions: what is applied up to an end that was read before it leaves nothing behind.
            long asked = recorder.now().toEpochMilli();
            Map<String, Long> ends = offsets.ends(logs);
            Map<String, Partition> applied = applied();
            Map<String, Duration> kept = offsets.retention();
            for (Log log : logs) {
                Partition partition = applied.get(log.name());
                if (partition == null) {
                    continue; // the coverage proof says so
                }
                double age = age(partition, ends.get(log.name()), asked);
                double left = kept.getOrDefault(partition.topic(), retention).toMillis() / MILLIS - age;
                boolean lost = begins.get(log.name()) > partition.next();
                Map<String, String> labels =
                        Map.of("topic", partition.topic(), "partition", Integer.toString(partition.number()));
                recorder.reading(SOURCE, AGE, labels, age, log.name() + " waits at offset " + partition.next());
                recorder.reading(
                        SOURCE,
                        HEADROOM,
                        labels,
                        lost ? 0 : left,
                        "%s %s offset %d".formatted(log.name(), lost ? "has lost" : "still holds", partition.next()));
            }
            recorder.answered(SOURCE, offsets.address());
        } catch (KafkaException | SQLException e) {
            String failure = StoreReadings.firstLine(e);
            recorder.reading(SOURCE, AGE, Map.of(), null, failure);
            recorder.reading(SOURCE, HEADROOM, Map.of(), null, failure);
            recorder.failed(SOURCE, offsets.address(), failure);
        }
    }

    /** Everything published when an end was seen that is now applied is no older than that moment. */
    private double age(Partition partition, long end, long atMillis) {
        Deque<End> seen = endsSeen.computeIfAbsent(partition.name(), unused -> new ArrayDeque<>());
        seen.addLast(new End(end, atMillis));
        if (partition.next() >= end) {
            seen.clear();
            seen.addLast(new End(end, atMillis));
            return 0;
        }
        End newestApplied = null;
        for (Iterator<End> earlier = seen.iterator(); earlier.hasNext(); ) {
            End one = earlier.next();
            if (one.offset() <= partition.next()) {
                newestApplied = one;
                earlier.remove();
            }
        }
        if (newestApplied == null) {
            return Math.max(0, partition.ageSeconds()); // behind from before the observation: the store's own watermark
        }
        seen.addFirst(newestApplied);
        return (atMillis - newestApplied.atMillis()) / MILLIS;
    }

    private Map<String, Partition> applied() throws SQLException {
        return queries.stream().stream().collect(Collectors.toMap(Partition::name, Function.identity()));
    }

    @Override
    public void end(Recorder recorder) {
        Map<String, String> labels = Map.of("generation", Long.toString(generation));
        if (frozen == null) {
            recorder.reading(
                    SOURCE, VIOLATIONS, labels, null, "the log's ends were not known at the start: " + notFrozen);
            return;
        }
        try {
            List<Log> logs = offsets.logs();
            // In this order, for events flow meanwhile: a position read after the ends may lie beyond them.
            Map<String, Long> begins = offsets.begins(logs);
            Map<String, Partition> applied = applied();
            Map<String, Long> ends = offsets.ends(logs);
            List<String> violations =
                    new ArrayList<>(new CoverageProof(frozen, begins, ends).violations(logs, applied));
            queries.unfinishedInputs()
                    .forEach(input -> violations.add("backfill input " + input + " is not loaded to its end"));
            queries.unaccountedInputs()
                    .forEach(input ->
                            violations.add("backfill input " + input + " has rows that are not accounted for"));
            recorder.reading(
                    SOURCE,
                    VIOLATIONS,
                    labels,
                    (double) violations.size(),
                    violations.isEmpty() ? null : String.join("; ", violations));
        } catch (KafkaException | SQLException e) {
            recorder.reading(SOURCE, VIOLATIONS, labels, null, StoreReadings.firstLine(e));
        }
    }

    @Override
    public void close() {
        offsets.close();
    }
}
