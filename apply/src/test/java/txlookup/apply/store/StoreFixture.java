package txlookup.apply.store;

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
import txlookup.apply.Decoded;
import txlookup.apply.LedgerEntry;
import txlookup.apply.PaymentOrder;
import txlookup.apply.Snapshot.Origin;
import txlookup.apply.SourceRecord;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;

/** A migrated database of a test's own, with one generation that is ready to be applied to. */
final class StoreFixture implements AutoCloseable {
    static final long GENERATION = 20260205010000L;
    static final Instant CUTOVER = Instant.parse("2026-02-05T01:00:00Z");

    private final TestDatabase database =
            SharedPostgres.newDatabase("one generation", made -> Migrations.toHead(made.connections(), GENERATION));
    final HikariDataSource connections;
    final Store store;
    final GenerationRegistry registry;

    StoreFixture() throws SQLException {
        connections = connectionsWithin(Duration.ofSeconds(30));
        store = new Store(connections);
        registry = new GenerationRegistry(connections);
        registry.plan(generation(GENERATION));
    }

    /** Connections to the same database, as another process has them. */
    HikariDataSource anotherPool() {
        return connectionsWithin(Duration.ofSeconds(30));
    }

    HikariDataSource connectionsWithin(Duration statementTimeout) {
        return connections(GENERATION, database.user(), database.password(), statementTimeout);
    }

    /** Connections to the same database, on a generation of its own. */
    HikariDataSource connectionsOf(long generation) {
        return connections(generation, database.user(), database.password(), Duration.ofSeconds(30));
    }

    /** Connections to the same database and generation, of another login. */
    HikariDataSource connectionsAs(String user, String password) {
        return connections(GENERATION, user, password, Duration.ofSeconds(30));
    }

    private HikariDataSource connections(long generation, String user, String password, Duration statementTimeout) {
        return StoreConnections.generation(
                generation, database.jdbcUrl(), user, password, 8, Duration.ofSeconds(10), statementTimeout);
    }

    static Generation generation(long number) {
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

    Claim claim(String topic, int partition) throws SQLException {
        Source source = new Source(Source.Kind.STREAM, topic, partition);
        store.register(source, null, null, 0, CUTOVER);
        return store.claim(source, "test").orElseThrow();
    }

    Applied apply(Claim claim, Decoded... decoded) throws SQLException {
        return apply(claim, List.of(decoded));
    }

    Applied apply(Claim claim, List<? extends Decoded> decoded) throws SQLException {
        return store.apply(
                claim,
                new BatchEncoder().encode(decoded),
                StoreFixture::record,
                Progress.ofStream(claim.nextPosition() + decoded.size(), 100, CUTOVER));
    }

    static SourceRecord record(long position) {
        return new SourceRecord(position, CUTOVER, ("record " + position).getBytes(StandardCharsets.UTF_8));
    }

    /** An entry whose content is told by its amount; the digest is the amount as well. */
    static LedgerEntry entry(String txId, @Nullable Instant updatedAt, @Nullable Long version, long amount) {
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

    void execute(String sql) throws SQLException {
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            connection.commit();
        }
    }

    /** A replay that comes to a dead letter behind this one meets that. */
    void onceAfter(long deadLetter, String doing) throws SQLException {
        execute("""
                CREATE FUNCTION once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF NEW.dead_letter_id > %d THEN %s; END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER once BEFORE UPDATE ON dead_letter FOR EACH ROW EXECUTE FUNCTION once()""".formatted(deadLetter, doing));
    }

    void untilSomebodyWaitsForALock() throws SQLException, InterruptedException {
        String waiting = "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                + " WHERE NOT granted AND datname = current_database()";
        while (query(waiting).get(0).equals("0")) {
            Thread.sleep(20);
        }
    }

    List<String> query(String sql) throws SQLException {
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
    }
}
