package txlookup.api;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** Connections to the store. They are made when first used, so that the API can start while the store is away. */
final class StoreConnections {
    private StoreConnections() {}

    // Each lookup reads few rows through the one index that is made for it, in that index's order. A generic plan does
    // not know that: guessing that a wallet has two entries in a range, it would read and sort all of a big one's.
    private static final String THROUGH_THE_INDEX = "SET enable_seqscan = off; SET enable_bitmapscan = off";

    // A plan without sequential scans looks so expensive that a server with JIT would compile it, for tens of
    // milliseconds.
    private static final String NO_COMPILED_PLANS = "SET jit = off";

    /** For lookups: read only, so that no fault here can ever change what is looked up. */
    static HikariDataSource forLookups(ApiSettings.Database database, MeterRegistry meters) {
        HikariConfig config = config("lookup", database, meters);
        config.setMaximumPoolSize(database.poolSize());
        config.setConnectionInitSql("%s; SET statement_timeout = %d; SET default_transaction_read_only = on; %s"
                .formatted(NO_COMPILED_PLANS, database.queryTimeout().toMillis(), THROUGH_THE_INDEX));
        return new HikariDataSource(config);
    }

    /** For the audit writer: one connection of its own, whose commit returns when the row is on disk. */
    static HikariDataSource forAudit(ApiSettings.Database database, MeterRegistry meters) {
        HikariConfig config = config("audit", database, meters);
        config.setMaximumPoolSize(1);
        config.setConnectionInitSql("%s; SET statement_timeout = %d; SET synchronous_commit = on"
                .formatted(NO_COMPILED_PLANS, database.queryTimeout().toMillis()));
        return new HikariDataSource(config);
    }

    /** For what operators order in the console: one connection, made when it is first wanted. */
    static HikariDataSource forOrders(ApiSettings.Database database, MeterRegistry meters) {
        HikariConfig config = config("orders", database, meters);
        config.setMaximumPoolSize(1);
        config.setMinimumIdle(0);
        config.setConnectionInitSql("%s; SET statement_timeout = %d; SET synchronous_commit = on"
                .formatted(NO_COMPILED_PLANS, database.queryTimeout().toMillis()));
        return new HikariDataSource(config);
    }

    private static HikariConfig config(String name, ApiSettings.Database database, MeterRegistry meters) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(database.jdbcUrl());
        config.setUsername(database.user());
        database.password().ifPresent(config::setPassword);
        config.setAutoCommit(true);
        config.setConnectionTimeout(database.connectionTimeout().toMillis());
        config.setValidationTimeout(Math.min(5_000, database.connectionTimeout().toMillis()));
        config.setInitializationFailTimeout(-1);
        config.setMetricRegistry(meters);
        config.addDataSourceProperty("ApplicationName", "txlookup-api");
        config.addDataSourceProperty("prepareThreshold", "1");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        // A server that vanished without a word is noticed a little after it would have given up by itself.
        Duration longest = database.queryTimeout().plusSeconds(3);
        config.addDataSourceProperty("socketTimeout", Long.toString(longest.toSeconds()));
        return config;
    }
}
