package txlookup.cli.options;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import txlookup.azure.login.KafkaLogin;
import txlookup.consumer.poll.KafkaClients;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.SecretSource;

/** Adds the login to a Kafka client's settings, immediately before the client is made: a profile holds no secret. */
public final class BrokerLogin {
    private BrokerLogin() {}

    /**
     * The settings with the login that the profile's {@code messaging.security} wants. A broker that resets the newer client's
     * handshake is found here, before a client asks it without an answer until its time is up.
     *
     * @throws txlookup.profiles.schema.ProfileException when connection string or password is missing
     * @throws txlookup.consumer.poll.OlderClientWantedException when the broker speaks with an older client and not with this
     */
    public static Map<String, Object> added(Map<String, Object> settings, Profile profile, SecretSource secrets) {
        Map<String, Object> all = new LinkedHashMap<>(settings);
        Optional<String> variable = profile.messaging().secretVariable();
        all.putAll(KafkaLogin.of(
                profile.messaging(),
                variable.map(name -> secrets.require(List.of(name)).get(name)).orElse(null)));
        KafkaClients.requireHandshake(all);
        return all;
    }
}
