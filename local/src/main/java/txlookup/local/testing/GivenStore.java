package txlookup.local.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server that somebody gives to the tests, by the system property {@value #URL}: the JDBC URL of a database on
 * it, with a user that may make databases. Where that database has the extension citus, each database that is made
 * is spread over the same servers.
 */
public final class GivenStore {
    public static final String URL = "tests.store";

    /** A command that takes one of kill, freeze, thaw and start. */
    public static final String CONTROL = "tests.store.control";

    private static final Logger log = LoggerFactory.getLogger(GivenStore.class);

    private static final String HAS_CITUS = "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')";

    private static final String NODES =
            "SELECT nodename, nodeport, groupid = 0 FROM pg_dist_node WHERE noderole = 'primary' ORDER BY groupid";

    private static final int DROPPERS = 6;

    private final String url;
    private final List<Node> workers = new ArrayList<>();
    private final Set<String> made = ConcurrentHashMap.newKeySet();
    private final String prefix =
            "txlookup_test_" + UUID.randomUUID().toString().substring(0, 8) + "_";
    private final AtomicInteger databases = new AtomicInteger();
    private Optional<Node> coordinator = Optional.empty();
    private boolean citus;

    private record Node(String host, int port) {}

    private GivenStore(String url) {
        this.url = url;
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(HAS_CITUS)) {
                row.next();
                citus = row.getBoolean(1);
            }
            if (citus) {
                readNodes(statement);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The store of -D%s cannot be used: %s".formatted(URL, e.getMessage()), e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::dropAll, "drop-test-databases"));
    }

    private void readNodes(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(NODES)) {
            while (row.next()) {
                Node node = new Node(row.getString(1), row.getInt(2));
                if (row.getBoolean(3)) {
                    coordinator = Optional.of(node);
                } else {
                    workers.add(node);
                }
            }
        }
    }

    private static final class Holder {
        private static final Optional<GivenStore> STORE =
                Optional.ofNullable(System.getProperty(URL)).map(GivenStore::new);
    }

    /** The one that is given; empty where tests start a server of their own. */
    public static Optional<GivenStore> find() {
        return Holder.STORE;
    }

    /** Whether faults of the server can be made. */
    public static boolean isControlled() {
        return System.getProperty(CONTROL) != null;
    }

    /** Lets the command of {@value #CONTROL} do something with the server, and waits for it. */
    public static void control(String action) {
        try {
            Process command = new ProcessBuilder("/bin/sh", "-c", System.getProperty(CONTROL) + " " + action)
                    .inheritIO()
                    .start();
            if (command.waitFor() != 0) {
                throw new IllegalStateException(
                        "%s %s ended with %d".formatted(System.getProperty(CONTROL), action, command.exitValue()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    TestDatabase newDatabase() {
        return create(prefix + databases.incrementAndGet());
    }

    /** A database of that name. */
    public TestDatabase create(String name) {
        made.add(name);
        execute(url, "CREATE DATABASE " + name);
        if (citus) {
            for (Node worker : workers) {
                execute(on(worker, databaseOf(url)), "CREATE DATABASE " + name);
                execute(on(worker, name), "CREATE EXTENSION citus");
            }
            List<String> cluster = new ArrayList<>(List.of("CREATE EXTENSION citus"));
            coordinator.ifPresent(node ->
                    cluster.add("SELECT citus_set_coordinator_host('%s', %d)".formatted(node.host(), node.port())));
            workers.forEach(node -> cluster.add("SELECT citus_add_node('%s', %d)".formatted(node.host(), node.port())));
            execute(withDatabase(url, name), cluster.toArray(String[]::new));
        }
        return new TestDatabase(name, jdbcUrl(name), user(), password());
    }

    /** Drops a database with everything in it. */
    public void drop(String name) {
        try {
            execute(url, "DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(name));
            for (Node worker : workers) {
                execute(on(worker, databaseOf(url)), "DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(name));
            }
            made.remove(name);
        } catch (IllegalStateException e) {
            log.warn("Database {} stays: {}", name, e.getMessage());
        }
    }

    /** Drops several at once, as the build ends this process if it takes too long. */
    private void dropAll() {
        ExecutorService droppers = Executors.newFixedThreadPool(DROPPERS);
        List.copyOf(made).forEach(name -> droppers.execute(() -> drop(name)));
        droppers.shutdown();
        try {
            if (!droppers.awaitTermination(5, TimeUnit.MINUTES)) {
                log.warn("Databases stay: {}", made);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The URL of one of its databases, without user and password: said there, they would win over those of a test. */
    public String jdbcUrl(String database) {
        return withDatabase(url, database)
                .replaceAll("(?<=[?&])(user|password)=[^&]*&?", "")
                .replaceFirst("[?&]$", "");
    }

    public String user() {
        return option("user", System.getProperty("user.name"));
    }

    public String password() {
        return option("password", "");
    }

    private String option(String name, String absent) {
        Properties parsed = Driver.parseURL(url, new Properties());
        return parsed == null ? absent : parsed.getProperty(name, absent);
    }

    private static String withDatabase(String url, String database) {
        return url.replaceFirst("^(jdbc:postgresql://[^/]+/)[^?]*", "$1" + database);
    }

    private static String databaseOf(String url) {
        return url.replaceFirst("^jdbc:postgresql://[^/]+/([^?]*).*$", "$1");
    }

    private String on(Node node, String database) {
        return withDatabase(url.replaceFirst("//[^/]+/", "//" + node.host() + ":" + node.port() + "/"), database);
    }

    private static void execute(String url, String... statements) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
