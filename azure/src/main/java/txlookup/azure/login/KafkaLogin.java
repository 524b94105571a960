package txlookup.azure.login;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import txlookup.profiles.secrets.Secret;
import txlookup.profiles.settings.MessagingSettings;

/** What a Kafka client needs to log in. The settings hold the secret: they go into no log. */
public final class KafkaLogin {
    private static final String JAAS = "sasl.jaas.config";
    /** Whom every login with a connection string names as its user. */
    public static final String CONNECTION_STRING = "$ConnectionString";

    private KafkaLogin() {}

    /**
     * The login that the profile wants.
     *
     * @param secret the connection string or the password; null where there is none
     */
    public static Map<String, Object> of(MessagingSettings messaging, @Nullable Secret secret) {
        return switch (messaging.security()) {
            case PLAINTEXT -> Map.of();
            case SAS -> withConnectionString(given(secret));
            case ENTRA -> asIdentity();
            case PLAIN, SCRAM ->
                withPassword(
                        messaging.security().mechanism().orElseThrow(),
                        messaging.user().orElseThrow(),
                        given(secret));
        };
    }

    /** At Event Hubs with a connection string; shared access tokens are not accepted on Kafka's endpoint. */
    static Map<String, Object> withConnectionString(Secret connectionString) {
        return withPassword("PLAIN", CONNECTION_STRING, connectionString);
    }

    /** At Event Hubs with a token of the user who is logged in, or of the managed identity (docs/azure-facts.md, C). */
    static Map<String, Object> asIdentity() {
        return Map.of(
                "sasl.mechanism",
                "OAUTHBEARER",
                JAAS,
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;",
                "sasl.login.callback.handler.class",
                EntraCallbackHandler.class.getName());
    }

    private static Map<String, Object> withPassword(String mechanism, String user, Secret password) {
        String module = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        return Map.of(
                "sasl.mechanism",
                mechanism,
                JAAS,
                "org.apache.kafka.common.security.%s required username=\"%s\" password=\"%s\";"
                        .formatted(module, quoted(user), quoted(password.reveal())));
    }

    private static Secret given(@Nullable Secret secret) {
        if (secret == null) {
            throw new IllegalArgumentException("this login wants a secret, and there is none");
        }
        return secret;
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
