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
 * @param distribution how a new generation's tables are spread; default {@link DatabaseDistribution#NONE}
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
        DatabaseDistribution distribution) {

    public DatabaseSettings {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(passwordVariable, "passwordVariable");
        Objects.requireNonNull(sslMode, "sslMode");
        Objects.requireNonNull(statementTimeout, "statementTimeout");
        Objects.requireNonNull(login, "login");
        Objects.requireNonNull(distribution, "distribution");
    }

    /**
     * The JDBC URL, without user and password. Where the server's certificate is verified, it is against the JVM's own
     * trust store: the driver's default is a file in the home folder that a container does not have.
     */
    public String jdbcUrl() {
        String url = "jdbc:postgresql://%s:%d/%s?sslmode=%s".formatted(host, port, name, sslMode);
        return sslMode.startsWith("verify-") ? url + "&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory" : url;
    }
}
