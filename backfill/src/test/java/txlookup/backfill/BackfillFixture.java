package txlookup.backfill;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.position.BatchResult;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.backfill.pipeline.LoadSettings;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;
import txlookup.backfill.throttle.ThrottleSettings;
import txlookup.local.testing.GivenStore;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.profiles.events.EventProfiles;

/** A migrated store with one generation, and backfills into it. */
public final class BackfillFixture implements AutoCloseable {
    public static final long GENERATION = 20260205010000L;
    public static final Instant CUTOVER = Instant.parse("2026-02-05T01:00:00Z");

    public static final BackfillProgress QUIET = new BackfillProgress() {
        @Override
        public void begins(Input input, long rowsBefore) {}

        @Override
        public void applied(Input input, Chunk chunk, BatchResult applied) {}
    };

    public final TestDatabase database;
    public final HikariDataSource connections;

    public BackfillFixture() throws SQLException {
        this(migrated(), Duration.ofSeconds(10));
    }

    BackfillFixture(TestDatabase database, Duration connectTimeout) throws SQLException {
        this.database = database;
        connections = StoreConnections.generation(
                GENERATION,
                database.jdbcUrl(),
                database.user(),
                database.password(),
                6,
                connectTimeout,
                Duration.ofSeconds(30));
        new GenerationRegistry(connections)
                .plan(new Generation(
                        GENERATION, "test", "kim", "group", "canonical-v1", CUTOVER, Generation.State.PLANNED, null));
    }

    static TestDatabase migrated(TestDatabase database) {
        Migrations.toHead(database.connections(), GENERATION);
        return database;
    }

    private static TestDatabase migrated() {
        return SharedPostgres.newDatabase("one generation", BackfillFixture::migrated);
    }

    public Backfill backfill(int chunkRows, BackfillProgress progress) {
        return backfill(chunkRows, progress, ThrottleSettings.OFF);
    }

    public Backfill backfill(int chunkRows, BackfillProgress progress, ThrottleSettings throttle) {
        return backfill(settings(chunkRows, 1, Duration.ofMinutes(1)), progress, throttle);
    }

    /** Waits two seconds at most between two tries. */
    public static LoadSettings settings(int chunkRows, double maxDeadShare, Duration snapshotHeld) {
        return new LoadSettings(
                GENERATION,
                CUTOVER,
                CUTOVER,
                "test",
                chunkRows,
                3,
                Duration.ofHours(1),
                8 << 20,
                maxDeadShare,
                Duration.ofMillis(100),
                Duration.ofSeconds(2),
                snapshotHeld);
    }

    public Backfill backfill(LoadSettings settings, BackfillProgress progress, ThrottleSettings throttle) {
        return new Backfill(
                settings, EventProfiles.load("canonical-v1"), connections, progress, Clock.systemUTC(), throttle);
    }

    /** As a rebuild does before it starts consumers; a load merges from then on. */
    void mayBeConsumed() throws SQLException {
        new GenerationRegistry(connections).moveTo(GENERATION, Generation.State.CATCHING_UP, null);
    }

    /** Making the indexes of the ledger's entries, and analyzing it, takes some milliseconds per row from now on. */
    public void makeIndexesSlow() throws SQLException {
        execute("CREATE FUNCTION slow(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS"
                + " 'BEGIN PERFORM pg_sleep(0.003); RETURN $1; END'");
        execute("CREATE INDEX by_slow ON ledger_entry (slow(tx_id))");
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            connection.commit();
        }
    }

    /** Waits until somebody runs such a statement, by LIKE. */
    public void awaitStatement(String like) throws SQLException, InterruptedException {
        String running = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND state = 'active' AND pid <> pg_backend_pid() AND query LIKE '" + like + "'";
        while (one(running).equals("0")) {
            Thread.sleep(5);
        }
    }

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
        GivenStore.find().ifPresent(given -> given.drop(database.name()));
    }
}
