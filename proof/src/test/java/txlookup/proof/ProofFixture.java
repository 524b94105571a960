package txlookup.proof;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.batch.BatchEncoder;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.Source;
import txlookup.backfill.Backfill;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.backfill.pipeline.LoadSettings;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;
import txlookup.backfill.source.NdjsonInput;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.profiles.events.EventProfiles;
import txlookup.proof.source.InputSide;
import txlookup.proof.store.StoreSide;
import txlookup.proof.store.VerifiedWindows;
import txlookup.traffic.Extract;
import txlookup.traffic.Payments;

/** A migrated store with one generation, what was loaded into it, and verifications of it. */
public final class ProofFixture implements AutoCloseable {
    public static final long GENERATION = 20260205010000L;
    public static final Instant CUTOVER = Instant.parse("2026-02-05T01:00:00Z");
    public static final Duration SETTLE = Duration.ofSeconds(60);

    private static final BackfillProgress QUIET = new BackfillProgress() {
        @Override
        public void begins(Input input, long rowsBefore) {}

        @Override
        public void applied(Input input, Chunk chunk, BatchResult applied) {}
    };

    public final TestDatabase database =
            SharedPostgres.newDatabase("one generation", made -> Migrations.toHead(made.connections(), GENERATION));
    public final HikariDataSource connections;
    final Store store;
    public final StoreSide storeSide;
    public final VerifiedWindows windows;

    public ProofFixture() throws SQLException {
        connections = StoreConnections.generation(
                GENERATION,
                database.jdbcUrl(),
                database.user(),
                database.password(),
                12,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60));
        new GenerationRegistry(connections)
                .plan(new Generation(
                        GENERATION, "test", "kim", "group", "canonical-v1", CUTOVER, Generation.State.PLANNED, null));
        store = new Store(connections);
        storeSide = new StoreSide(connections, "store", CUTOVER);
        windows = new VerifiedWindows(connections);
    }

    public static Decoder decoder() {
        return new Decoder(EventProfiles.load("canonical-v1"), Duration.ofDays(1), Clock.systemUTC());
    }

    public static List<Input> extract(long payments, Path folder) throws IOException {
        Extract extract = Extract.write(new Payments(7, CUTOVER, payments), 0, payments, folder, false);
        return List.of(
                new NdjsonInput(extract.ledgerEntries(), Entity.LEDGER_ENTRY),
                new NdjsonInput(extract.paymentOrders(), Entity.PAYMENT_ORDER));
    }

    public static InputSide side(List<? extends Input> inputs) {
        return new InputSide(List.copyOf(inputs), ProofFixture::decoder, CUTOVER);
    }

    public void load(List<? extends Input> inputs) throws IOException, SQLException, InterruptedException {
        new Backfill(
                        new LoadSettings(GENERATION, CUTOVER, CUTOVER, "test", 10_000, 0, Duration.ofDays(1)),
                        EventProfiles.load("canonical-v1"),
                        connections,
                        QUIET,
                        Clock.systemUTC())
                .load(inputs);
    }

    public Lease claim(String topic) throws SQLException {
        Source source = new Source(Source.Kind.STREAM, topic, 0);
        store.register(source, null, null, 0, CUTOVER);
        return store.claim(source, "test").orElseThrow();
    }

    /** Applies events as a stream would, published at an instant. */
    public Lease apply(Lease claim, Entity entity, Instant published, List<byte[]> events) throws SQLException {
        Decoder decoder = decoder();
        List<Decoded> decoded = new ArrayList<>();
        for (byte[] event : events) {
            decoded.add(
                    decoder.decode(entity, new SourceRecord(claim.nextPosition() + decoded.size(), published, event)));
        }
        Checkpoint to = Checkpoint.ofStream(claim.nextPosition() + events.size(), 0, published);
        return store.apply(
                        claim,
                        new BatchEncoder().encode(decoded),
                        position -> new SourceRecord(position, published, null),
                        to)
                .claim();
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            connection.commit();
        }
    }

    @Nullable
    public String one(String sql) throws SQLException {
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            String value = row.next() ? row.getString(1) : null;
            connection.rollback();
            return value;
        }
    }

    @Override
    public void close() {
        connections.close();
        SharedPostgres.drop(database);
    }
}
