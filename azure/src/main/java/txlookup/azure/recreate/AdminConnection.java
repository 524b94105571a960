package txlookup.azure.recreate;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.azure.login.DatabaseOwner;
import txlookup.migrations.Migrations;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.Secret;
import txlookup.profiles.settings.DatabaseLogin;

/** The environment's database as its maker reaches it, with the administrator's password; the containers have none. */
final class AdminConnection implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(30);

    private final Profile profile;
    private final Endpoints endpoints;
    private HikariDataSource store;

    AdminConnection(Profile profile, Endpoints endpoints) {
        this.profile = profile;
        this.endpoints = endpoints;
    }

    /**
     * Opens it, and sees that it lets us in.
     *
     * @param host as the server tells it
     * @param user the administrator's login
     * @param identities the roles of the containers' identities, which are let in as well where the profile says so
     */
    void open(String host, String user, Secret password, List<String> identities) throws SQLException {
        close();
        share(host, user, password, identities);
        store = connect(
                endpoints.jdbcUrl(host), user, password, profile.database().poolSize());
        Migrations.ofControl(store).revision();
    }

    /** Lets identities in whose roles the server has. */
    void share(String host, String user, Secret password, List<String> identities) throws SQLException {
        if (profile.database().login() == DatabaseLogin.ENTRA) {
            try (HikariDataSource administrator = connect(endpoints.administratorUrl(host), user, password, 1)) {
                for (String identity : identities) {
                    new DatabaseOwner(administrator, profile.database()).share(identity);
                }
            }
        }
    }

    /** The pool; null before it was opened. */
    HikariDataSource pool() {
        return store;
    }

    private HikariDataSource connect(String url, String user, Secret password, int size) {
        return StoreConnections.control(
                url, user, password.reveal(), size, CONNECT, profile.database().statementTimeout());
    }

    @Override
    public void close() {
        if (store != null) {
            store.close();
        }
    }
}
