package txlookup.fuzz;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.batch.Batch;
import txlookup.apply.store.batch.BatchEncoder;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.Source;
import txlookup.fuzz.input.FuzzInput;
import txlookup.fuzz.input.FuzzInput.Topic;
import txlookup.fuzz.model.ContractDecoder;
import txlookup.fuzz.model.ContractJudgement;
import txlookup.fuzz.model.Fold;
import txlookup.fuzz.model.Product;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;

/** Records through the decoder and the store into a real PostgreSQL, a topic a source, and back out again. */
final class StoreRun implements AutoCloseable {
    private static final int BATCH = 1000;
    /** What is wanted is kept in memory until it was compared. */
    private static final int COMPARE_AFTER = 50_000;

    private final Decoder decoder = Product.decoder();
    private final ContractDecoder contract = Product.contract();
    private final BatchEncoder encoder = new BatchEncoder();
    private final HikariDataSource connections;
    private final Store store;
    private final StoredRecords stored;
    private final Map<Topic, Lease> claims = new EnumMap<>(Topic.class);
    private final Map<Topic, List<FuzzInput>> pending = new EnumMap<>(Topic.class);
    private Fold wanted = new Fold();
    private int notApplied;
    private int notCompared;

    StoreRun() throws SQLException {
        TestDatabase database = SharedPostgres.newDatabase();
        connections = StoreConnections.generation(
                Product.GENERATION,
                database.jdbcUrl(),
                database.user(),
                database.password(),
                2,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30));
        Migrations.toHead(connections, Product.GENERATION);
        store = new Store(connections);
        stored = new StoredRecords(connections);
        new GenerationRegistry(connections)
                .plan(new Generation(
                        Product.GENERATION,
                        "test",
                        "kim",
                        "group",
                        "canonical-v1",
                        Product.NOW,
                        Generation.State.PLANNED,
                        null));
        for (Topic topic : Topic.values()) {
            Source source = new Source(Source.Kind.STREAM, topic.name(), 0);
            store.register(source, null, null, 0, Product.NOW);
            claims.put(topic, store.claim(source, "fuzz").orElseThrow());
            pending.put(topic, new ArrayList<>());
        }
    }

    void add(FuzzInput input) throws SQLException {
        pending.get(input.topic()).add(input);
        if (++notApplied == BATCH) {
            applyPending();
        }
        if (notCompared >= COMPARE_AFTER) {
            compare();
        }
    }

    /** Applies what is left and holds the store against what is wanted. */
    void finish() throws SQLException {
        applyPending();
        compare();
    }

    private void applyPending() throws SQLException {
        for (Map.Entry<Topic, List<FuzzInput>> one : pending.entrySet()) {
            apply(one.getKey(), one.getValue());
            one.getValue().clear();
        }
        notCompared += notApplied;
        notApplied = 0;
    }

    private void apply(Topic topic, List<FuzzInput> inputs) throws SQLException {
        Lease claim = claims.get(topic);
        long first = claim.nextPosition();
        List<SourceRecord> records = new ArrayList<>();
        List<Decoded> decoded = new ArrayList<>();
        int data = 0;
        for (FuzzInput input : inputs) {
            SourceRecord record = input.at(first + records.size());
            ContractJudgement judgement = contract.judge(input);
            wanted.add(input, record.position(), judgement);
            data += judgement instanceof ContractJudgement.Canary ? 0 : 1;
            records.add(record);
            decoded.add(decoder.decode(topic.entity(), record));
        }
        Batch batch = encoder.encode(decoded);
        BatchResult applied;
        try {
            applied = store.apply(
                    claim,
                    batch,
                    position -> records.get((int) (position - first)),
                    Checkpoint.ofStream(first + records.size(), 1, batch.newest()));
        } catch (SQLException | RuntimeException e) {
            String lines = inputs.stream().map(Corpus::line).collect(Collectors.joining("\n"));
            throw new AssertionError("the store refused a batch:\n" + lines, e);
        }
        if (applied.consumed() != data) {
            throw new AssertionError("%s accounts for %d records of %d".formatted(topic, applied.consumed(), data));
        }
        claims.put(topic, applied.claim());
    }

    private void compare() throws SQLException {
        stored.compare(wanted);
        stored.forget();
        wanted = new Fold();
        notCompared = 0;
    }

    @Override
    public void close() {
        connections.close();
    }
}
