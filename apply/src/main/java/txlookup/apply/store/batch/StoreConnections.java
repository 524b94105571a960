package txlookup.apply.store.batch;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.List;
import txlookup.profiles.settings.DatabaseRole;
import txlookup.profiles.settings.DatabaseSettings.Distribution;

/** Connections for those who write to the store: prepared for batches, and bounded in every way one can hang. */
public final class StoreConnections {
    private StoreConnections() {}

    /**
     * Opens a pool for what is common to generations: their schemas are not on its search path. It does not connect before
     * the first use, so it can be made while the database is away.
     *
     * @param jdbcUrl the store's database
     * @param size most connections at once; one a worker is right
     * @param connectTimeout how long a caller waits for a connection before it gets a transient failure
     * @param statementTimeout how long one statement may take; also ends a transaction left idle that long, so that a
     *     frozen worker's locks end
     */
    public static HikariDataSource control(
            String jdbcUrl,
            String user,
            String password,
            int size,
            Duration connectTimeout,
            Duration statementTimeout) {
        return control(DatabaseRole.OWNER, jdbcUrl, user, password, size, connectTimeout, statementTimeout);
    }

    /** As above, in another role than the owner's. */
    public static HikariDataSource control(
            DatabaseRole role,
            String jdbcUrl,
            String user,
            String password,
            int size,
            Duration connectTimeout,
            Duration statementTimeout) {
        return open(
                "pg_temp",
                jdbcUrl,
                user,
                password,
                size,
                connectTimeout,
                statementTimeout,
                List.of(role.statement(), bounds(statementTimeout)));
    }

    /**
     * As {@link #control}, on one generation: the tables of its schema go by their bare names, and batches can be staged.
     * The schema need not be there yet.
     */
    public static HikariDataSource generation(
            long generation,
            String jdbcUrl,
            String user,
            String password,
            int size,
            Duration connectTimeout,
            Duration statementTimeout) {
        return generation(
                DatabaseRole.OWNER, generation, jdbcUrl, user, password, size, connectTimeout, statementTimeout);
    }

    /** As above, in another role than the owner's. */
    public static HikariDataSource generation(
            DatabaseRole role,
            long generation,
            String jdbcUrl,
            String user,
            String password,
            int size,
            Duration connectTimeout,
            Duration statementTimeout) {
        String path = searchPath(generation);
        return open(
                path,
                jdbcUrl,
                user,
                password,
                size,
                connectTimeout,
                statementTimeout,
                List.of(role.statement(), requirePath(path), onConnect(statementTimeout)));
    }

    /** What a generation's connections have as their {@code search_path}, from the first moment on. */
    public static String searchPath(long generation) {
        return "g" + generation + ", pg_temp";
    }

    /**
     * A statement that fails on a connection with another search path. A proxy that shares connections between clients
     * loses what a client said at its start, and rows would end up in the wrong generation.
     */
    public static String requirePath(String path) {
        return """
                DO $$ BEGIN IF current_setting('search_path') <> '%s' THEN
                    RAISE EXCEPTION 'the search path is % and not %s: connect to the server itself, not through a proxy that shares connections', current_setting('search_path')
                        USING ERRCODE = 'invalid_schema_name';
                END IF; END $$""".replace("%s", path);
    }

    private static HikariDataSource open(
            String path,
            String jdbcUrl,
            String user,
            String password,
            int size,
            Duration connectTimeout,
            Duration statementTimeout,
            List<String> onConnect) {
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
        config.setConnectionInitSql(String.join("; ", onConnect));
        // Commits the line above; otherwise the first rollback on a new connection would take its staging tables away.
        config.setIsolateInternalQueries(true);
        config.addDataSourceProperty("ApplicationName", "txlookup");
        config.addDataSourceProperty("currentSchema", path);
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
        return "%s; %s; %s"
                .formatted(bounds(statementTimeout), LedgerEntryTable.TABLE.create(), PaymentOrderTable.TABLE.create());
    }

    private static String bounds(Duration statementTimeout) {
        long millis = statementTimeout.toMillis();
        return "%s; SET jit = off; SET statement_timeout = %d; SET idle_in_transaction_session_timeout = %d"
                .formatted(Distribution.SESSION, millis, millis);
    }
}
