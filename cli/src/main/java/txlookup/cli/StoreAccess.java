package txlookup.cli;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import txlookup.apply.store.StoreConnections;
import txlookup.azure.login.DatabaseAccess;
import txlookup.profiles.DatabaseLogin;
import txlookup.profiles.Profile;
import txlookup.profiles.SecretSource;

/** Opens the profile's store for the commands that work on it directly. */
final class StoreAccess {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private StoreAccess() {}

    static HikariDataSource open(Profile profile, SecretSource secrets) {
        return open(profile, secrets, profile.database().statementTimeout());
    }

    static HikariDataSource open(Profile profile, SecretSource secrets, Duration statementTimeout) {
        String password = password(profile, secrets).orElse(null);
        return StoreConnections.open(
                DatabaseAccess.jdbcUrl(profile.database()),
                profile.database().user(),
                password,
                profile.database().poolSize(),
                CONNECT,
                statementTimeout);
    }

    /** The password to log in with; empty where there is none, or a token in its place. */
    static Optional<String> password(Profile profile, SecretSource secrets) {
        return profile.database()
                .passwordVariable()
                .filter(name -> profile.database().login() == DatabaseLogin.PASSWORD)
                .map(name -> secrets.require(List.of(name)).get(name).reveal());
    }
}
