package txlookup.proof.log;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.model.Marker;
import txlookup.apply.model.Snapshot;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.position.Source;
import txlookup.proof.compare.DataSet;
import txlookup.proof.compare.Row;
import txlookup.proof.compare.SnapshotRow;
import txlookup.proof.compare.StoredVersion;
import txlookup.proof.completeness.CoverageRow;
import txlookup.proof.completeness.LogSpan;

/**
 * The log from a generation's anchor to where it ended when the comparison began, folded to the newest snapshot of each
 * key; for where the source itself cannot be reached. It reads beside the consumers: it joins no group and commits
 * nothing.
 */
public final class LogSide implements DataSet {
    private final CommittedLog log;
    private final Map<String, Entity> topics;
    private final Map<TopicPartition, CommittedLog.Span> spans = new HashMap<>();
    private final Supplier<Decoder> decoders;
    private final Instant readUntil;
    private final boolean isWhole;
    private final byte[] canary;

    /**
     * @param broker settings of a consumer
     * @param topics what each topic holds
     * @param spans every partition of the topics, as just read
     * @param canary what this environment's canaries mark their records with; those are passed over
     * @param coverage the generation's: where its partitions are anchored, and whether it had a backfill
     * @param decoders makes a decoder for each thread
     * @param readUntil the instant at which {@code spans} were read
     * @throws IllegalStateException when the log does not reach back to an anchor any more
     */
    public LogSide(
            Map<String, Object> broker,
            Map<String, Entity> topics,
            List<LogSpan> spans,
            String canary,
            List<CoverageRow> coverage,
            Supplier<Decoder> decoders,
            Instant readUntil) {
        this.log = new CommittedLog(broker);
        this.topics = Map.copyOf(topics);
        this.decoders = decoders;
        this.readUntil = readUntil;
        this.canary = Marker.nonce(canary);
        this.isWhole = coverage.stream().noneMatch(row -> row.source().kind() == Source.Kind.BACKFILL);
        for (LogSpan span : spans) {
            TopicPartition partition = new TopicPartition(span.topic(), span.partition());
            long start = anchor(coverage, partition);
            if (start < span.begin()) {
                throw new IllegalStateException(
                        "GAP_DETECTED %s: the generation is anchored at offset %d and the log begins at %d; what the log still has cannot be compared with the store"
                                .formatted(partition, start, span.begin()));
            }
            this.spans.put(partition, new CommittedLog.Span(start, span.end()));
        }
    }

    /** A partition without an anchor is one that was added since: it counts from its beginning. */
    private static long anchor(List<CoverageRow> coverage, TopicPartition partition) {
        return coverage.stream()
                .filter(row -> row.source().kind() == Source.Kind.STREAM
                        && row.source().name().equals(partition.topic())
                        && row.source().partition() == partition.partition())
                .findFirst()
                .map(CoverageRow::startPosition)
                .orElse(0L);
    }

    @Override
    public String name() {
        return "log " + topics.keySet().stream().sorted().collect(Collectors.joining(", "));
    }

    @Override
    public Set<Entity> entities() {
        return Set.copyOf(topics.values());
    }

    @Override
    public Instant readUntil() {
        return readUntil;
    }

    @Override
    public boolean isLive() {
        return false;
    }

    @Override
    public boolean isWhole() {
        return isWhole;
    }

    @Override
    public boolean repeatsKeys() {
        return true;
    }

    @Override
    public long scan(Entity entity, Consumer<Row> rows) {
        Map<TopicPartition, CommittedLog.Span> wanted = spans.entrySet().stream()
                .filter(one -> topics.get(one.getKey().topic()) == entity)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        Decoder decoder = decoders.get();
        long[] refused = {0};
        log.read(wanted, record -> {
            if (!accept(decoder, entity, record, rows)) {
                refused[0]++;
            }
        });
        return refused[0];
    }

    private boolean accept(Decoder decoder, Entity entity, ConsumerRecord<byte[], byte[]> record, Consumer<Row> rows) {
        for (Header header : record.headers().headers(Marker.HEADER)) {
            if (Arrays.equals(header.value(), canary)) {
                return true; // no event
            }
        }
        Decoded decoded = decoder.decode(
                entity,
                new SourceRecord(
                        record.offset(), Instant.ofEpochMilli(record.timestamp()), record.key(), record.value(), null));
        if (decoded instanceof Snapshot snapshot) {
            rows.accept(SnapshotRow.of(snapshot));
            return true;
        }
        return false;
    }

    @Override
    public Map<String, StoredVersion> find(Entity entity, Collection<String> keys) throws SQLException {
        throw new UnsupportedOperationException("A log cannot be asked for a key; what was scanned stays true");
    }
}
