package txlookup.local.testing;

import java.nio.file.Files;
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
import txlookup.local.postgres.LocalPostgres;
import txlookup.local.postgres.PostgresSettings;
import txlookup.local.process.CacheFolder;

/**
 * The databases of tests, on a store that is given ({@link GivenStore}) or on one PostgreSQL server a test JVM: started when first asked for, stopped and deleted when the JVM ends. It does not
 * wait for the disk ({@code fsync=off}) unless the system property {@code txlookup.tests.fsync} is {@code true}.
 */
public final class SharedPostgres {
    private static final String PREFIX = "txlookup-postgres-";
    private static final String DATA = "data";
    private static final String PASSWORD = TestSecrets.keep(UUID.randomUUID().toString());
    private static final Map<String, TestDatabase> TEMPLATES = new ConcurrentHashMap<>();
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static LocalPostgres server;

    private SharedPostgres() {}

    /** An empty database with a name of its own. */
    public static TestDatabase newDatabase() {
        Optional<GivenStore> given = GivenStore.find();
        if (given.isPresent()) {
            return given.get().newDatabase();
        }
        LocalPostgres postgres = server();
        String name = "test_" + DATABASES.incrementAndGet();
        postgres.createDatabase(name);
        return named(name);
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
        TestDatabase copy = named("test_" + DATABASES.incrementAndGet());
        try (Connection connection = named("postgres").connect();
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

    private static TestDatabase named(String name) {
        return new TestDatabase(name, server().jdbcUrl(name), "postgres", PASSWORD);
    }

    /** The server itself. A test that stops or crashes one starts its own, with {@link #settings}. */
    public static synchronized LocalPostgres server() {
        if (server == null) {
            Path folder = TestFolders.newFolder(PREFIX, SharedPostgres::cleanUp);
            // Before the start: a start that fails or is interrupted half-way is cleaned up as well.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp(folder), "stop-shared-postgres"));
            server = LocalPostgres.start(settings(folder.resolve(DATA)));
        }
        return server;
    }

    /** Settings for a server of a test's own: a free port, superuser {@code postgres}, the shared binaries. */
    public static PostgresSettings settings(Path dataFolder) {
        Map<String, String> configuration = new LinkedHashMap<>(Map.of("max_connections", "200"));
        if (!Boolean.getBoolean("txlookup.tests.fsync")) {
            configuration.putAll(Map.of("fsync", "off", "full_page_writes", "off"));
        }
        return new PostgresSettings(
                dataFolder,
                CacheFolder.ofThisUser(),
                0,
                "postgres",
                PASSWORD,
                configuration,
                dataFolder.resolveSibling(dataFolder.getFileName() + ".log"),
                PostgresSettings.USUAL_DEADLINE);
    }

    static void cleanUp(Path folder) {
        Path data = folder.resolve(DATA);
        if (Files.exists(data)) {
            LocalPostgres.find(settings(data)).ifPresent(LocalPostgres::crash);
        }
        TestFolders.delete(folder);
    }
}
