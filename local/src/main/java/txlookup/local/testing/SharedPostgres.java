package txlookup.local.testing;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import txlookup.local.postgres.PostgresSettings;
import txlookup.local.process.CacheFolder;

/**
 * The databases of tests, on a store that is given ({@link GivenStore}) or on one PostgreSQL server a test JVM: started when first asked for, stopped and deleted when the JVM ends. It does not
 * wait for the disk ({@code fsync=off}) unless the system property {@code txlookup.tests.fsync} is {@code true}.
 */
public final class SharedPostgres {
    private static final String SUPERUSER = "postgres";
    private static final String PASSWORD = TestSecrets.keep(UUID.randomUUID().toString());
    private static final Map<String, TestDatabase> TEMPLATES = new ConcurrentHashMap<>();
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static TestPostgres server;

    private SharedPostgres() {}

    /** An empty database with a name of its own. */
    public static TestDatabase newDatabase() {
        Optional<GivenStore> given = GivenStore.find();
        if (given.isPresent()) {
            return given.get().newDatabase();
        }
        TestPostgres postgres = server();
        String name = "test_" + DATABASES.incrementAndGet();
        postgres.createDatabase(name);
        return postgres.database(name);
    }

    /**
     * A database with a name of its own that holds what {@code filling} makes. It is made once a JVM and copied then, which
     * takes a tenth of the time of migrations.
     *
     * @param kind names what it holds
     * @param filling leaves no connection open
     */
    public static TestDatabase newDatabase(String kind, Consumer<TestDatabase> filling) {
        if (GivenStore.find().isPresent()) {
            // A database that is spread cannot be copied.
            TestDatabase made = newDatabase();
            filling.accept(made);
            return made;
        }
        TestDatabase template = TEMPLATES.computeIfAbsent(kind, key -> {
            TestDatabase made = newDatabase();
            filling.accept(made);
            return made;
        });
        TestDatabase copy = server().database("test_" + DATABASES.incrementAndGet());
        try (Connection connection = server().database("postgres").connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE %s TEMPLATE %s".formatted(copy.name(), template.name()));
            return copy;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Drops a database with everything in it, ending the sessions that use it. */
    public static void drop(TestDatabase database) {
        Optional<GivenStore> given = GivenStore.find();
        if (given.isPresent()) {
            given.get().drop(database.name());
        } else {
            server().dropDatabase(database.name());
        }
    }

    /** The server itself. A test that stops or crashes one starts its own, with {@link #settings}. */
    public static synchronized TestPostgres server() {
        if (server == null) {
            server = ServerSelection.ofThisJvm().startPostgres(SUPERUSER, PASSWORD, configuration());
        }
        return server;
    }

    /** Settings for a server of a test's own: a free port, superuser {@code postgres}, the shared binaries. */
    public static PostgresSettings settings(Path dataFolder) {
        return settings(dataFolder, Map.of());
    }

    /** @param more configuration beside that of all tests' servers */
    public static PostgresSettings settings(Path dataFolder, Map<String, String> more) {
        Map<String, String> configuration = new LinkedHashMap<>(configuration());
        configuration.putAll(more);
        return new PostgresSettings(
                dataFolder,
                CacheFolder.ofThisUser(),
                0,
                SUPERUSER,
                PASSWORD,
                configuration,
                dataFolder.resolveSibling(dataFolder.getFileName() + ".log"),
                PostgresSettings.USUAL_DEADLINE);
    }

    private static Map<String, String> configuration() {
        Map<String, String> configuration = new LinkedHashMap<>(Map.of("max_connections", "200"));
        if (!Boolean.getBoolean("txlookup.tests.fsync")) {
            configuration.putAll(Map.of("fsync", "off", "full_page_writes", "off"));
        }
        return configuration;
    }
}
