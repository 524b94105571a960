package txlookup.cli.options;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import txlookup.azure.login.EventHubsLogin;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.SecretSource;

/** Adds the login to a Kafka client's settings, immediately before the client is made: a profile holds no secret. */
public final class BrokerLogin {
    private BrokerLogin() {}

    /**
     * The settings with the login that the profile's {@code messaging.security} wants.
     *
     * @throws txlookup.profiles.schema.ProfileException when the connection string is missing
     */
    public static Map<String, Object> added(Map<String, Object> settings, Profile profile, SecretSource secrets) {
        Map<String, Object> all = new LinkedHashMap<>(settings);
        switch (profile.messaging().security()) {
            case SAS -> {
                String name = profile.messaging().connectionStringVariable();
                all.putAll(EventHubsLogin.withConnectionString(
                        secrets.require(List.of(name)).get(name)));
            }
            case ENTRA -> all.putAll(EventHubsLogin.asIdentity());
            case PLAINTEXT -> {}
        }
        return all;
    }
}
