package txlookup.cli.generation;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import txlookup.apply.generation.Act;
import txlookup.azure.login.DatabaseAccess;
import txlookup.cli.options.StoreAccess;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.DatabaseRole;

/** Who orders an act on generations, why, and by which connection. */
final class ActOptions {
    private static final String CONNECT_TIMEOUT_SECONDS = "10";
    private static final String SOCKET_TIMEOUT_SECONDS = "130";

    @Option(
            names = "--actor",
            defaultValue = "${sys:user.name}",
            description = "Who orders it, for the record. Default: ${DEFAULT-VALUE}.")
    private String actor;

    Act.Order order(@Nullable String reason) {
        return new Act.Order(actor, reason);
    }

    /** One connection and no pool, because an act has to be quick from the start of the command. */
    static Connection connect(Profile profile, SecretSource secrets) throws SQLException {
        Connection connection = asItsLogin(profile, secrets);
        try (Statement statement = connection.createStatement()) {
            statement.execute(DatabaseRole.OPERATOR.statement());
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** As above, for an act that ends other sessions and drops tables: no role may do both. */
    static Connection asItsLogin(Profile profile, SecretSource secrets) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", profile.database().user());
        StoreAccess.password(profile, secrets).ifPresent(password -> properties.setProperty("password", password));
        properties.setProperty("ApplicationName", "txlookup-act");
        properties.setProperty("currentSchema", "pg_temp");
        properties.setProperty("connectTimeout", CONNECT_TIMEOUT_SECONDS);
        properties.setProperty("socketTimeout", SOCKET_TIMEOUT_SECONDS);
        properties.setProperty("tcpKeepAlive", "true");
        return DriverManager.getConnection(DatabaseAccess.jdbcUrl(profile.database()), properties);
    }
}
