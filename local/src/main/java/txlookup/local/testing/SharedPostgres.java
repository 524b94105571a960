package txlookup.local.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import txlookup.local.CacheFolder;
import txlookup.local.LocalPostgres;
import txlookup.local.PostgresSettings;

/**
 * One PostgreSQL server a test JVM: started when first asked for, stopped and deleted when the JVM ends. It does not
 * wait for the disk ({@code fsync=off}) unless the system property {@code txlookup.tests.fsync} is {@code true}.
 */
public final class SharedPostgres {
    private static final String PREFIX = "txlookup-postgres-";
    private static final String DATA = "data";
    private static final String PASSWORD = TestSecrets.keep(UUID.randomUUID().toString());
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static LocalPostgres server;

    private SharedPostgres() {}

    /** An empty database with a name of its own. */
    public static TestDatabase newDatabase() {
        LocalPostgres postgres = server();
        String name = "test_" + DATABASES.incrementAndGet();
        postgres.createDatabase(name);
        return new TestDatabase(name, postgres.jdbcUrl(name), "postgres", PASSWORD);
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
