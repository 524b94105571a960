package txlookup.bench.servers;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.local.testing.GivenStore;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;

/**
 * A PostgreSQL server or Citus cluster that somebody gives to a bench, with a database made there for it. It has one
 * generation without rows, spread where the server can do that.
 *
 * @param url of the database, for the login {@code bench}
 * @param log where a process may write its log
 */
public record GivenServer(String url, Path log) {
    private static final String DATABASE = "txlookup_bench";

    private static final String LOGIN = """
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bench') THEN
                    CREATE ROLE bench SUPERUSER LOGIN PASSWORD 'bench';
                END IF;
            END $$""";

    /** Makes the database again, and the login where there is none. */
    public static GivenServer with(String superuserUrl) throws SQLException, IOException {
        System.setProperty(GivenStore.URL, superuserUrl);
        GivenStore store = GivenStore.find().orElseThrow();
        store.drop(DATABASE);
        TestDatabase database = store.create(DATABASE);
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(LOGIN);
            statement.execute("ALTER DATABASE %s SET search_path = %s, public"
                    .formatted(DATABASE, Migrations.schema(Servers.GENERATION)));
        }
        Migrations.toHead(database.connections(), Servers.GENERATION);
        try (HikariDataSource connections = StoreConnections.control(
                database.jdbcUrl(), "bench", "bench", 1, Duration.ofSeconds(10), Duration.ofSeconds(30))) {
            new GenerationRegistry(connections)
                    .plan(new Generation(
                            Servers.GENERATION,
                            "bench",
                            "bench",
                            "bench",
                            "canonical-v1",
                            Instant.now(),
                            Generation.State.PLANNED,
                            null));
        }
        return new GivenServer(database.jdbcUrl(), Files.createTempFile("txlookup-bench-", ".log"));
    }

    public void drop() {
        GivenStore.find().orElseThrow().drop(DATABASE);
    }
}
