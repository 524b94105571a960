package txlookup.cli.options;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.azure.login.DatabaseAccess;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.DatabaseLogin;
import txlookup.profiles.settings.DatabaseRole;

/** Opens the profile's store for the commands that work on it directly. */
public final class StoreAccess {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private StoreAccess() {}

    /** What is common to generations. */
    public static HikariDataSource control(DatabaseRole role, Profile profile, SecretSource secrets) {
        return control(role, profile, secrets, profile.database().statementTimeout());
    }

    public static HikariDataSource control(
            DatabaseRole role, Profile profile, SecretSource secrets, Duration statementTimeout) {
        return control(role, profile, secrets, DatabaseAccess.jdbcUrl(profile.database()), statementTimeout);
    }

    /** What is common to generations, at another address than the profile's. */
    public static HikariDataSource control(
            DatabaseRole role, Profile profile, SecretSource secrets, String jdbcUrl, Duration statementTimeout) {
        return StoreConnections.control(
                role,
                jdbcUrl,
                profile.database().user(),
                password(profile, secrets).orElse(null),
                profile.database().poolSize(),
                CONNECT,
                statementTimeout);
    }

    public static HikariDataSource generation(
            DatabaseRole role, Profile profile, SecretSource secrets, long generation) {
        return generation(role, profile, secrets, generation, profile.database().statementTimeout());
    }

    public static HikariDataSource generation(
            DatabaseRole role, Profile profile, SecretSource secrets, long generation, Duration statementTimeout) {
        return StoreConnections.generation(
                role,
                generation,
                DatabaseAccess.jdbcUrl(profile.database()),
                profile.database().user(),
                password(profile, secrets).orElse(null),
                profile.database().poolSize(),
                CONNECT,
                statementTimeout);
    }

    /** The password to log in with; empty where there is none, or a token in its place. */
    public static Optional<String> password(Profile profile, SecretSource secrets) {
        return profile.database()
                .passwordVariable()
                .filter(name -> profile.database().login() == DatabaseLogin.PASSWORD)
                .map(name -> secrets.require(List.of(name)).get(name).reveal());
    }
}
