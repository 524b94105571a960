package txlookup.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An index that is made concurrently, interrupted half way; on a Citus cluster its table is spread. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class InterruptedMigrationIT {
    private static final String BUILD =
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS entry_by_time ON ledger_entry (event_time);";
    private static final String BUILDING = """
            SELECT pid::text FROM pg_stat_activity
            WHERE query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock' AND datname = current_database()
            """;
    private static final String VALID = """
            SELECT indisvalid::text FROM pg_index WHERE indexrelid = to_regclass('entry_by_time')
            """;
    private static final String INDEX = "SELECT to_regclass('entry_by_time')::oid::text";
    private static final String WRITE = """
            INSERT INTO bo.generation (generation, env, owner, consumer_group, event_profile, t_cutover, state)
            VALUES (1, 'e', 'o', 'g', 'p', now(), 'PLANNED')
            """;

    @TempDir
    Path folder;

    private CopiedMigrations copied;
    private final MigratedDatabase database = MigratedDatabase.withControl();

    @BeforeEach
    void goToHead() throws Exception {
        copied = CopiedMigrations.ofGeneration(folder);
        copied.spreadToHead(database);
        copied.write("V90__add_index.sql", BUILD);
    }

    @Test
    void aBuildWhoseSessionIsKilledIsMadeAgainByTheNextRun() throws Exception {
        try (OpenTransaction open = new OpenTransaction(database)) {
            CompletableFuture<List<String>> run =
                    CompletableFuture.supplyAsync(() -> copied.of(database).toHead());
            database.run("SELECT pg_terminate_backend(%s)".formatted(awaitBuild()));
            assertThat(run.handle((applied, e) -> e).get())
                    .hasRootCauseInstanceOf(SQLException.class)
                    .cause()
                    .isInstanceOf(MigrationException.class);
            assertThat(database.ask(VALID)).containsExactly("false");
            assertThat(open).isNotNull();
        }

        assertThat(copied.of(database).toHead()).containsExactly("90");
        assertThat(database.ask(VALID)).containsExactly("true");
        assertThat(copied.of(database).revision().isHead()).isTrue();
    }

    @Test
    void aBuildThatAnotherSessionIsAtIsWaitedForAndKept() throws Exception {
        CompletableFuture<List<String>> run;
        CompletableFuture<Void> build;
        try (OpenTransaction open = new OpenTransaction(database)) {
            build = CompletableFuture.runAsync(() -> {
                try {
                    database.run(BUILD);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            awaitBuild();
            String made = database.ask(INDEX).get(0);
            run = CompletableFuture.supplyAsync(() -> copied.of(database).toHead());
            awaitOne("""
                    SELECT pid::text FROM pg_stat_activity
                    WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active' AND datname = current_database()
                    """);
            open.end();
            build.get();
            assertThat(run.get()).containsExactly("90");
            assertThat(database.ask(INDEX)).containsExactly(made);
        }
        assertThat(database.ask(VALID)).containsExactly("true");
    }

    @Test
    void anIndexThatTheNextRunFindsIsNotLostByTheRunAfterIt() throws Exception {
        database.run(BUILD);
        String made = database.ask(INDEX).get(0);

        assertThat(copied.of(database).toHead()).containsExactly("90");
        assertThat(copied.of(database).toHead()).isEmpty();
        assertThat(database.ask(INDEX)).containsExactly(made);
        assertThat(database.ask(VALID)).containsExactly("true");
    }

    @Test
    void aMarkThatARunBeforeTookAwayIsGivenBackAndTheIndexKept() throws Exception {
        copied.of(database).toHead();
        String made = database.ask(INDEX).get(0);
        database.run(BUILD);

        assertThat(copied.of(database).toHead()).isEmpty();
        assertThat(database.ask(INDEX)).containsExactly(made);
        assertThat(database.ask(VALID)).containsExactly("true");
    }

    @Test
    void aBuildOutlastsTheStatementTimeoutOfThePoolWhichIsThereAgainAfterwards() throws Exception {
        try (KeptConnection kept = new KeptConnection(database.connections());
                OpenTransaction open = new OpenTransaction(database)) {
            for (int i = 0; i < 2; i++) {
                setTimeout(kept);
            }
            CompletableFuture<List<String>> run =
                    CompletableFuture.supplyAsync(() -> copied.of(kept).toHead());
            awaitBuild();
            Thread.sleep(400);
            open.end();

            assertThat(run.get()).containsExactly("90");
            assertThat(kept.setting("statement_timeout")).isEqualTo("300ms");
            assertThat(kept.setting("lock_timeout")).isEqualTo("7s");
        }
    }

    private static void setTimeout(KeptConnection kept) throws SQLException {
        try (Connection first = kept.getConnection();
                Connection second = kept.getConnection();
                Statement one = first.createStatement();
                Statement two = second.createStatement()) {
            one.execute("SET statement_timeout = '300ms'; SET lock_timeout = '7s'");
            two.execute("SET statement_timeout = '300ms'; SET lock_timeout = '7s'");
        }
    }

    private String awaitBuild() throws Exception {
        return awaitOne(BUILDING);
    }

    private String awaitOne(String question) throws Exception {
        List<String> answer = database.ask(question);
        while (answer.isEmpty()) {
            Thread.sleep(10);
            answer = database.ask(question);
        }
        return answer.get(0);
    }

    /** A transaction that writes: an index made concurrently waits for its end. */
    private static final class OpenTransaction implements AutoCloseable {
        private final Connection connection;

        OpenTransaction(MigratedDatabase database) throws SQLException {
            connection = database.database().connect();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        "LOCK TABLE %s.ledger_entry IN ROW EXCLUSIVE MODE; ".formatted(MigratedDatabase.SCHEMA)
                                + WRITE);
            }
        }

        void end() throws SQLException {
            connection.rollback();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}
