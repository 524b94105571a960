package txlookup.api.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import txlookup.api.config.LookupApiSettings;
import txlookup.profiles.settings.DatabaseRole;

/**
 * Connections to the store. They are made when first used, so that the API can start while the store is away. Those of a
 * generation see the tables of its schema by their bare names; all others see only what names its schema.
 */
public final class LookupConnections {
    private LookupConnections() {}

    // Each lookup reads few rows through the one index that is made for it, in that index's order. A generic plan does
    // not know that: guessing that a wallet has two entries in a range, it would read and sort all of a big one's. A
    // page
    // of the audit that may read 5,000 of a person's 100,000 rows would read and sort all of them too.
    private static final String THROUGH_THE_INDEX = "SET enable_seqscan = off; SET enable_bitmapscan = off";

    // Where tables have partitions the server would plan each lookup again: it prices a plan of one partition below
    // one of all, and the planning as next to nothing. A store on several servers does so whatever it is told.
    private static final String ONE_PLAN = "SET plan_cache_mode = force_generic_plan";

    // A plan without sequential scans looks so expensive that a server with JIT would compile it, for tens of
    // milliseconds.
    private static final String NO_COMPILED_PLANS = "SET jit = off";

    // HikariCP takes no less.
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(250);

    private static final int ACTS_AT_ONCE = 2;
    private static final String NO_GENERATION = "pg_temp";
    private static final int CONTROL_CONNECTIONS = 4;
    private static final Duration KEPT_IDLE = Duration.ofMinutes(1);

    /** How many connections a pool keeps open, and may open. */
    public record Size(int least, int most) {}

    /**
     * For lookups in one generation: read only, so that no fault here can ever change what is looked up. Each connection
     * has run {@code preparation} before it is used first.
     */
    public static HikariDataSource forLookups(
            long generation,
            LookupApiSettings.Database database,
            Size size,
            StoreSource.Preparation preparation,
            MetricsTrackerFactory meters) {
        String settings = "%s; SET default_transaction_read_only = on; %s"
                .formatted(bounds(database, DatabaseRole.READER), THROUGH_THE_INDEX);
        HikariConfig config = config("lookup-" + generation, database, path(generation), connection -> {
            execute(connection, settings);
            planOnce(connection);
            preparation.of(connection);
        });
        config.setMinimumIdle(size.least());
        config.setMaximumPoolSize(size.most());
        if (size.least() < size.most()) {
            config.setIdleTimeout(KEPT_IDLE.toMillis());
        }
        config.setMetricsTrackerFactory(meters);
        return new HikariDataSource(config);
    }

    /**
     * For lookups in one generation on the replica. Nobody waits long for these: the store answers in their place.
     *
     * @param patience how long a lookup waits for the replica at each step
     */
    public static HikariDataSource forReplica(
            long generation,
            LookupApiSettings.Database database,
            Duration patience,
            StoreSource.Preparation preparation) {
        LookupApiSettings.Database replica = new LookupApiSettings.Database(
                database.readUrl().orElseThrow(),
                database.user(),
                database.password(),
                database.poolSize(),
                SHORTEST_WAIT,
                patience);
        String settings = "%s; %s".formatted(bounds(replica, DatabaseRole.READER), THROUGH_THE_INDEX);
        String name = "replica-" + generation;
        StoreSource source = source(replica, "txlookup-api " + name, path(generation), patience, connection -> {
            execute(connection, settings);
            planOnce(connection);
            preparation.of(connection);
        });
        HikariConfig config = config(name, replica, source);
        config.setMaximumPoolSize(replica.poolSize());
        return new HikariDataSource(config);
    }

    /** For what operators order about one generation in the console: one connection, made when it is first wanted. */
    public static HikariDataSource forOrders(long generation, LookupApiSettings.Database database) {
        HikariConfig config =
                config("orders-" + generation, database, path(generation), committing(database, DatabaseRole.OPERATOR));
        config.setMaximumPoolSize(1);
        config.setMinimumIdle(0);
        config.setIdleTimeout(KEPT_IDLE.toMillis());
        return new HikariDataSource(config);
    }

    /** For acts on generations: few, made when they are first wanted. An act waits on its own for as long as it may. */
    public static HikariDataSource forActs(LookupApiSettings.Database database) {
        HikariConfig config = config("acts", database, NO_GENERATION, committing(database, DatabaseRole.OPERATOR));
        config.setMaximumPoolSize(ACTS_AT_ONCE);
        config.setMinimumIdle(0);
        config.setIdleTimeout(KEPT_IDLE.toMillis());
        return new HikariDataSource(config);
    }

    /** For the audit writer: one connection of its own, whose commit returns when the row is on disk. */
    public static HikariDataSource forAudit(LookupApiSettings.Database database, MeterRegistry meters) {
        HikariConfig config = config("audit", database, NO_GENERATION, committing(database, DatabaseRole.READER));
        config.setMaximumPoolSize(1);
        config.setMetricRegistry(meters);
        return new HikariDataSource(config);
    }

    /** For what is common to generations. */
    public static HikariDataSource forControl(LookupApiSettings.Database database, MeterRegistry meters) {
        String settings = "%s; %s".formatted(bounds(database, DatabaseRole.READER), THROUGH_THE_INDEX);
        HikariConfig config = config("control", database, NO_GENERATION, connection -> execute(connection, settings));
        config.setMaximumPoolSize(CONTROL_CONNECTIONS);
        config.setMinimumIdle(1);
        config.setMetricRegistry(meters);
        return new HikariDataSource(config);
    }

    /** One connection outside every pool, so that it never waits for others. */
    public static StoreSession session(LookupApiSettings.Database database, String name) {
        String bounds = bounds(database, DatabaseRole.READER);
        StoreSource source = source(database, name, NO_GENERATION, connection -> execute(connection, bounds));
        source.setLoginTimeout(wholeSeconds(database.connectionTimeout()));
        return new StoreSession(source);
    }

    private static String path(long generation) {
        return "g" + generation + ", " + NO_GENERATION;
    }

    private static String bounds(LookupApiSettings.Database database, DatabaseRole role) {
        return "%s; %s; SET statement_timeout = %d"
                .formatted(
                        role.statement(),
                        NO_COMPILED_PLANS,
                        database.queryTimeout().toMillis());
    }

    private static StoreSource.Preparation committing(LookupApiSettings.Database database, DatabaseRole role) {
        String settings = bounds(database, role) + "; SET synchronous_commit = on";
        return connection -> execute(connection, settings);
    }

    private static void planOnce(Connection connection) throws SQLException {
        if (!new Spread().isOn(connection)) {
            execute(connection, ONE_PLAN);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static HikariConfig config(
            String name, LookupApiSettings.Database database, String searchPath, StoreSource.Preparation preparation) {
        return config(name, database, source(database, "txlookup-api " + name, searchPath, preparation));
    }

    private static HikariConfig config(String name, LookupApiSettings.Database database, StoreSource source) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setThreadFactory(OwnThreads.named(name));
        config.setDataSource(source);
        config.setAutoCommit(true);
        config.setConnectionTimeout(database.connectionTimeout().toMillis());
        config.setValidationTimeout(Math.min(5_000, database.connectionTimeout().toMillis()));
        config.setInitializationFailTimeout(-1);
        return config;
    }

    private static StoreSource source(
            LookupApiSettings.Database database, String name, String searchPath, StoreSource.Preparation preparation) {
        // A server that vanished without a word is noticed a little after it would have given up by itself.
        return source(database, name, searchPath, database.queryTimeout().plusSeconds(3), preparation);
    }

    private static StoreSource source(
            LookupApiSettings.Database database,
            String name,
            String searchPath,
            Duration longestSilence,
            StoreSource.Preparation preparation) {
        Properties properties = new Properties();
        properties.setProperty("user", database.user());
        database.password().ifPresent(password -> properties.setProperty("password", password));
        properties.setProperty("ApplicationName", name);
        properties.setProperty("prepareThreshold", "1");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("socketTimeout", Integer.toString(wholeSeconds(longestSilence)));
        return new StoreSource(database.jdbcUrl(), properties, searchPath, preparation);
    }

    private static int wholeSeconds(Duration duration) {
        return Math.toIntExact(duration.plusSeconds(1).minusNanos(1).toSeconds());
    }
}
