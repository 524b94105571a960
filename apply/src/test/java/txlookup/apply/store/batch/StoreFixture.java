package txlookup.apply.store.batch;

import com.zaxxer.hikari.HikariDataSource;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.PaymentOrder;
import txlookup.apply.model.Snapshot.Origin;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.Source;
import txlookup.local.testing.GivenStore;
import txlookup.local.testing.LooksSpread;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.profiles.settings.DatabaseSettings.Distribution;

/** A migrated database of a test's own, with one generation that is ready to be applied to. */
public final class StoreFixture implements AutoCloseable {
    public static final long GENERATION = 20260205010000L;
    /** A property: how many partitions the tables of every store have that names no number itself. */
    private static final String PARTITIONS = "tests.store.partitions";

    public static final Instant CUTOVER = Instant.parse("2026-02-05T01:00:00Z");

    private final TestDatabase database;
    public final HikariDataSource connections;
    public final Store store;
    public final GenerationRegistry registry;

    public StoreFixture() throws SQLException {
        this(Integer.getInteger(PARTITIONS, 1));
    }

    /** Its tables have so many partitions by a hash of their key. */
    public StoreFixture(int partitions) throws SQLException {
        database = partitions == 1
                ? SharedPostgres.newDatabase(
                        "one generation", made -> Migrations.toHead(made.connections(), GENERATION))
                : SharedPostgres.newDatabase(partitions + " partitions", made -> {
                    Migrations.ofControl(made.connections()).toHead();
                    Migrations.ofGeneration(made.connections(), GENERATION, Distribution.NONE, partitions)
                            .toHead();
                });
        connections = connectionsWithin(Duration.ofSeconds(30));
        store = new Store(connections);
        registry = new GenerationRegistry(connections);
        registry.plan(generation(GENERATION));
    }

    /** From now on the product takes the generation's tables as spread over several servers. */
    public void lookSpread() {
        LooksSpread.make(database, Migrations.schema(GENERATION));
    }

    /** Whether Citus has spread its tables. */
    public boolean isSpread() throws SQLException {
        return GivenStore.find().isPresent() && query(Distribution.IS_SPREAD).equals(List.of("t"));
    }

    /** Whether its tables have partitions. */
    public boolean isPartitioned() throws SQLException {
        return query("SELECT relkind FROM pg_class WHERE oid = 'ledger_entry'::regclass")
                .equals(List.of("p"));
    }

    /** Connections to the same database, as another process has them. */
    public HikariDataSource anotherPool() {
        return connectionsWithin(Duration.ofSeconds(30));
    }

    HikariDataSource connectionsWithin(Duration statementTimeout) {
        return connections(GENERATION, database.user(), database.password(), statementTimeout);
    }

    /** Connections to the same database, on a generation of its own. */
    public HikariDataSource connectionsOf(long generation) {
        return connections(generation, database.user(), database.password(), Duration.ofSeconds(30));
    }

    /** Connections to the same database and generation, of another login. */
    public HikariDataSource connectionsAs(String user, String password) {
        return connections(GENERATION, user, password, Duration.ofSeconds(30));
    }

    public HikariDataSource connections(long generation, String user, String password, Duration statementTimeout) {
        return StoreConnections.generation(
                generation, database.jdbcUrl(), user, password, 8, Duration.ofSeconds(10), statementTimeout);
    }

    public static Generation generation(long number) {
        return new Generation(
                number,
                "test",
                "kim",
                "bo-sync-test-kim-v" + number,
                "canonical-v1",
                CUTOVER,
                Generation.State.PLANNED,
                null);
    }

    public Lease claim(String topic, int partition) throws SQLException {
        Source source = new Source(Source.Kind.STREAM, topic, partition);
        store.register(source, null, null, 0, CUTOVER);
        return store.claim(source, "test").orElseThrow();
    }

    public BatchResult apply(Lease claim, Decoded... decoded) throws SQLException {
        return apply(claim, List.of(decoded));
    }

    public BatchResult apply(Lease claim, List<? extends Decoded> decoded) throws SQLException {
        return store.apply(
                claim,
                new BatchEncoder().encode(decoded),
                StoreFixture::record,
                Checkpoint.ofStream(claim.nextPosition() + decoded.size(), 100, CUTOVER));
    }

    public static SourceRecord record(long position) {
        return new SourceRecord(position, CUTOVER, ("record " + position).getBytes(StandardCharsets.UTF_8));
    }

    /** An entry whose content is told by its amount; the digest is the amount as well. */
    public static LedgerEntry entry(String txId, @Nullable Instant updatedAt, @Nullable Long version, long amount) {
        return new LedgerEntry(
                txId,
                "wallet",
                "PAYMENT",
                BigDecimal.valueOf(amount),
                null,
                "order",
                "PAYMENT_ORDER",
                CUTOVER,
                CUTOVER,
                updatedAt,
                version,
                new Origin(amount, CUTOVER, amount));
    }

    static PaymentOrder order(String orderId, long version) {
        return new PaymentOrder(
                orderId,
                null,
                null,
                BigDecimal.ONE,
                "PAID",
                CUTOVER,
                null,
                version,
                new Origin(version, CUTOVER, version));
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            connection.commit();
        }
    }

    /** A replay that comes to a dead letter behind this one meets that. */
    public void onceAfter(long deadLetter, String doing) throws SQLException {
        execute("""
                CREATE FUNCTION once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF NEW.dead_letter_id > %d THEN %s; END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER once BEFORE UPDATE ON dead_letter FOR EACH ROW EXECUTE FUNCTION once()""".formatted(deadLetter, doing));
    }

    public void untilSomebodyWaitsForALock() throws SQLException, InterruptedException {
        String waiting = "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                + " WHERE NOT granted AND datname = current_database()";
        while (query(waiting).get(0).equals("0")) {
            Thread.sleep(20);
        }
    }

    public List<String> query(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                List<String> columns = new ArrayList<>();
                for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                    columns.add(row.getString(column));
                }
                rows.add(String.join(" ", columns.stream().map(String::valueOf).toList()));
            }
            connection.rollback();
        }
        return rows;
    }

    @Override
    public void close() {
        connections.close();
        GivenStore.find().ifPresent(given -> given.drop(database.name()));
    }
}
