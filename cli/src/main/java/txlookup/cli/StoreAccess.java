package txlookup.cli;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.List;
import txlookup.apply.store.StoreConnections;
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
        String password = profile.database()
                .passwordVariable()
                .map(name -> secrets.require(List.of(name)).get(name).reveal())
                .orElse(null);
        return StoreConnections.open(
                profile.database().jdbcUrl(),
                profile.database().user(),
                password,
                profile.database().poolSize(),
                CONNECT,
                statementTimeout);
    }
}
