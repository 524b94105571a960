package txlookup.azure.login;

import java.util.Map;
import txlookup.profiles.secrets.Secret;

/**
 * What a Kafka client needs to log in to Event Hubs (docs/azure-facts.md, C). The settings hold the secret: they go
 * into no log.
 */
public final class EventHubsLogin {
    private static final String JAAS = "sasl.jaas.config";

    private EventHubsLogin() {}

    /** With a connection string; shared access tokens are not accepted on Kafka's endpoint. */
    public static Map<String, Object> withConnectionString(Secret connectionString) {
        String quoted = connectionString.reveal().replace("\\", "\\\\").replace("\"", "\\\"");
        return Map.of(
                "sasl.mechanism",
                "PLAIN",
                JAAS,
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"$ConnectionString\" password=\"%s\";"
                        .formatted(quoted));
    }

    /** With a token of whoever is logged in, or of the managed identity. */
    public static Map<String, Object> asIdentity() {
        return Map.of(
                "sasl.mechanism",
                "OAUTHBEARER",
                JAAS,
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;",
                "sasl.login.callback.handler.class",
                EntraCallbackHandler.class.getName());
    }
}
