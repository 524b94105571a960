package txlookup.azure.recreate;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import txlookup.profiles.DatabaseSettings;
import txlookup.profiles.MessagingSecurity;
import txlookup.profiles.Profile;
import txlookup.profiles.Secret;

/**
 * How an environment's services are reached, from the hosts that Azure names. The fake names hosts of this machine with
 * their ports; those are reached without encryption, as nothing else here is.
 */
final class Endpoints {
    private static final String THIS_MACHINE = "127.0.0.1:";

    private final Profile profile;

    Endpoints(Profile profile) {
        this.profile = profile;
    }

    /** The database's JDBC address. */
    String jdbcUrl(String host) {
        DatabaseSettings database = profile.database();
        if (host.startsWith(THIS_MACHINE)) {
            return "jdbc:postgresql://%s/%s?sslmode=disable".formatted(host, database.name());
        }
        return new DatabaseSettings(
                        host,
                        database.port(),
                        database.name(),
                        database.user(),
                        database.passwordVariable(),
                        database.sslMode(),
                        database.poolSize(),
                        database.statementTimeout())
                .jdbcUrl();
    }

    /**
     * How a client reaches the broker.
     *
     * @param client its settings without address and login
     * @param serviceBusEndpoint as the namespace tells it, {@code https://host:443/}
     */
    Map<String, Object> broker(Map<String, Object> client, String serviceBusEndpoint, Secret connectionString) {
        URI endpoint = URI.create(serviceBusEndpoint);
        Map<String, Object> settings = new LinkedHashMap<>(client);
        if (isHere(endpoint)) {
            settings.put("bootstrap.servers", endpoint.getHost() + ":" + endpoint.getPort());
            settings.put("security.protocol", "PLAINTEXT");
            settings.remove("sasl.mechanism");
            return settings;
        }
        settings.put("bootstrap.servers", endpoint.getHost() + ":9093");
        settings.putAll(
                profile.messaging().security() == MessagingSecurity.SAS
                        ? EventHubsLogin.withConnectionString(connectionString)
                        : EventHubsLogin.asIdentity());
        return settings;
    }

    /** An app's address, from its ingress' host. */
    URI app(String host) {
        return URI.create((host.startsWith(THIS_MACHINE) ? "http://" : "https://") + host);
    }

    private static boolean isHere(URI endpoint) {
        return THIS_MACHINE.startsWith(endpoint.getHost() + ":");
    }
}
