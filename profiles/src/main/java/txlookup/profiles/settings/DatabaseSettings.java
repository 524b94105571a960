package txlookup.profiles.settings;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The PostgreSQL database.
 *
 * @param host host name or address; default 127.0.0.1 in stage local, in the cloud the server that {@code Names} gives
 * @param port port; default {@code local.postgresPort} in stage local, 5432 in the cloud
 * @param name database; default {@code txlookup}
 * @param user role to log in as; default {@code txlookup}; in the cloud also the server's administrator
 * @param passwordVariable name of the secret that holds the password; without it none is sent; required in the cloud
 * @param sslMode how the connection is secured, in the driver's words; default {@code verify-full}
 * @param poolSize connections that one process opens at most; default 10
 * @param statementTimeout how long one statement may take; default 30 s
 * @param login how to log in; default {@link DatabaseLogin#PASSWORD}
 * @param distribution how a new generation's tables are spread; default {@link Distribution#NONE}
 * @param nodes nodes of the elastic cluster that a cloud stage makes where the distribution is Citus; default 2
 * @param partitions partitions of a new generation's entries and orders each, by a hash of their key; default 1, plain
 *     tables
 * @param readUrl JDBC URL of a physical replica, without options, that answers lookups; without it the database answers all
 */
public record DatabaseSettings(
        String host,
        int port,
        String name,
        String user,
        Optional<String> passwordVariable,
        String sslMode,
        int poolSize,
        Duration statementTimeout,
        DatabaseLogin login,
        Distribution distribution,
        int nodes,
        int partitions,
        Optional<String> readUrl) {

    /** Whether a generation's entries and orders are spread over several servers. All other tables are on one. */
    public enum Distribution {
        /** They are on one server. */
        NONE,
        /** Citus spreads them, entries by {@code tx_id} and orders by {@code order_id}. */
        CITUS;

        /**
         * Whether the entries of the generation on the search path are spread: Citus puts this trigger on each table that it
         * spreads. A server without Citus knows no such function, and finds no trigger.
         */
        public static final String IS_SPREAD = """
                SELECT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = to_regclass('ledger_entry')
                    AND tgfoid = to_regproc('pg_catalog.citus_truncate_trigger'))""";

        /**
         * What a session that writes sets. With Citus the settings of a transaction hold on all its servers, and merges of
         * different keys do not wait for each other. To a server without Citus these are names like any other.
         */
        public static final String SESSION = "SET citus.propagate_set_commands = 'local';"
                + " SET citus.all_modifications_commutative = on; SET citus.max_cached_conns_per_worker = 16";
    }

    public DatabaseSettings {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(passwordVariable, "passwordVariable");
        Objects.requireNonNull(sslMode, "sslMode");
        Objects.requireNonNull(statementTimeout, "statementTimeout");
        Objects.requireNonNull(login, "login");
        Objects.requireNonNull(distribution, "distribution");
        Objects.requireNonNull(readUrl, "readUrl");
    }

    /** Whether a generation's tables are spread over the servers of a cluster. */
    public boolean isSpread() {
        return distribution == Distribution.CITUS;
    }

    /**
     * The JDBC URL, without user and password. Where the server's certificate is verified, it is against the JVM's own
     * trust store: the driver's default is a file in the home folder that a container does not have.
     */
    public String jdbcUrl() {
        return secured("jdbc:postgresql://%s:%d/%s".formatted(host, port, name));
    }

    /** The replica's, secured as the database's is. */
    public Optional<String> readJdbcUrl() {
        return readUrl.map(this::secured);
    }

    private String secured(String address) {
        String url = address + "?sslmode=" + sslMode;
        return sslMode.startsWith("verify-") ? url + "&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory" : url;
    }
}
