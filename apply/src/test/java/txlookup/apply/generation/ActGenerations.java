package txlookup.apply.generation;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.profiles.settings.DatabaseSettings.Distribution;
import txlookup.profiles.settings.ServingSettings;

/**
 * A store with two generations that are READY and level in one partition. The older one serves from plain tables, the newer
 * one has partitions.
 */
final class ActGenerations implements AutoCloseable {
    static final long OLD = 20260205010000L;
    static final long NEW = 20260206010000L;
    static final ServingSettings SETTINGS = new ServingSettings(
            Duration.ofHours(1), Duration.ofHours(1), Duration.ofSeconds(60), Duration.ofMillis(200));
    static final String EVIDENCE = "a53f";
    static final Act.Order ORDER = new Act.Order("kim", "a test");

    private final TestDatabase database = SharedPostgres.newDatabase("two generations", ActGenerations::migrate);
    private final HikariDataSource control = StoreConnections.control(
            database.jdbcUrl(),
            database.user(),
            database.password(),
            4,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30));

    ActGenerations() throws SQLException {
        GenerationRegistry registry = new GenerationRegistry(control);
        for (long number : List.of(OLD, NEW)) {
            registry.plan(new Generation(
                    number,
                    "test",
                    "kim",
                    "bo-sync-test-kim-v" + number,
                    "canonical-v1",
                    Instant.parse("2026-02-05T01:00:00Z"),
                    Generation.State.PLANNED,
                    null));
            registry.moveTo(number, Generation.State.READY, null);
            position(number, 100);
        }
        execute("UPDATE bo.serving SET generation = " + OLD);
    }

    private static void migrate(TestDatabase made) {
        Migrations.toHead(made.connections(), OLD);
        Migrations.ofGeneration(made.connections(), NEW, Distribution.NONE, 4).toHead();
    }

    Connection connect() throws SQLException {
        return database.connect();
    }

    Switch switching(Connection connection) throws SQLException {
        return new Switch(connection, SETTINGS, line -> {});
    }

    /** The new generation is found equal to the old one. */
    void compared(boolean passed, int differences) throws SQLException {
        execute("""
                INSERT INTO g%d.verification (against, judged_through, rows_judged, differences, passed, evidence, found)
                VALUES ('generation %d', now(), 1000, %d, %s, '%s', '{"differences": [
                    {"kind": "no-order", "key": "tx-0"}, {"kind": "field", "key": "tx-1"}, {"kind": "extra", "key": "tx-2"}]}')
                """.formatted(NEW, OLD, differences, passed, EVIDENCE));
    }

    void position(long generation, long next) throws SQLException {
        execute("DELETE FROM g%d.coverage WHERE kind = 'STREAM'".formatted(generation), """
                INSERT INTO g%d.coverage (kind, name, partition, start_position, next_position, as_of)
                VALUES ('STREAM', 'ledger', 0, 0, %d, now())""".formatted(
                        generation, next));
    }

    /** An API process that is alive, and says that of itself. */
    void process(String name, long epoch, String prepared) throws SQLException {
        execute("""
                INSERT INTO bo.process AS p (process_id, kind, address, build, epoch, prepared)
                VALUES ('%s', 'API', '%1$s:8080', 'test', %d, '{%s}')
                ON CONFLICT (process_id) DO UPDATE SET
                    epoch = excluded.epoch, prepared = excluded.prepared, heartbeat_at = clock_timestamp()""".formatted(name, epoch, prepared));
    }

    Serving serving() throws SQLException {
        try (Connection connection = connect()) {
            return Serving.read(connection);
        }
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    List<String> query(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                List<String> columns = new ArrayList<>();
                for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                    columns.add(String.valueOf(row.getString(column)));
                }
                rows.add(String.join(" ", columns));
            }
        }
        return rows;
    }

    @Override
    public void close() {
        control.close();
    }
}
