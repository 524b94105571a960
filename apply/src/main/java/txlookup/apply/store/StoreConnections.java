package txlookup.apply.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;

/** Connections for those who write to the store: prepared for batches, and bounded in every way one can hang. */
public final class StoreConnections {
    private StoreConnections() {}

    /**
     * Opens a pool. It does not connect before the first use, so it can be made while the database is away.
     *
     * @param jdbcUrl the store's database
     * @param size most connections at once; one a worker is right
     * @param connectTimeout how long a caller waits for a connection before it gets a transient failure
     * @param statementTimeout how long one statement may take; also ends a transaction left idle that long, so that a
     *     frozen worker's locks end
     */
    public static HikariDataSource open(
            String jdbcUrl,
            String user,
            String password,
            int size,
            Duration connectTimeout,
            Duration statementTimeout) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("store");
        config.setJdbcUrl(jdbcUrl);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setAutoCommit(false);
        config.setConnectionTimeout(connectTimeout.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setConnectionInitSql(onConnect(statementTimeout));
        // Commits the line above; otherwise the first rollback on a new connection would take its staging tables away.
        config.setIsolateInternalQueries(true);
        config.addDataSourceProperty("ApplicationName", "txlookup");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        // The detail of a refusal quotes the row, which belongs in no log.
        config.addDataSourceProperty("logServerErrorDetail", "false");
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("prepareThreshold", "1");
        // A peer that vanished without a word is noticed a little after the server would have given up.
        config.addDataSourceProperty("socketTimeout", statementTimeout.toSeconds() + 10);
        return new HikariDataSource(config);
    }

    /**
     * Any other pool works too, as long as each of its connections has run this once. Plans are not compiled: the planner
     * prices a scan of a staging table, without its index, so high that a server with JIT would compile each merge for
     * tens of milliseconds.
     */
    static String onConnect(Duration statementTimeout) {
        long millis = statementTimeout.toMillis();
        return "SET jit = off; SET statement_timeout = %d; SET idle_in_transaction_session_timeout = %d; %s; %s"
                .formatted(millis, millis, LedgerEntryTable.TABLE.create(), PaymentOrderTable.TABLE.create());
    }
}
