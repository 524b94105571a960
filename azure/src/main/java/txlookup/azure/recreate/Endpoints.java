package txlookup.azure.recreate;

import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.ArmResponse;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.login.DatabaseAccess;
import txlookup.azure.login.KafkaLogin;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.Secret;
import txlookup.profiles.settings.DatabaseSettings;

/**
 * How an environment's services are reached, from the hosts that Azure names. The fake names hosts of this machine with
 * their ports; those are reached without encryption, as nothing else here is.
 */
public final class Endpoints {
    private static final String THIS_MACHINE = "127.0.0.1:";
    private static final int NOT_FOUND = 404;

    private final Profile profile;

    Endpoints(Profile profile) {
        this.profile = profile;
    }

    /**
     * The JDBC address of a server's database; empty when there is no such server any more.
     *
     * @throws IOException when Azure names no host of it
     */
    public static Optional<String> addressOf(ArmClient client, ArmId server, Profile profile)
            throws IOException, InterruptedException {
        ArmResponse answer =
                client.read(client.address(server.toString(), "api-version=" + AzureKind.POSTGRES.apiVersion()));
        if (answer.status() == NOT_FOUND) {
            return Optional.empty();
        }
        String host = answer.body()
                .path("properties")
                .path("fullyQualifiedDomainName")
                .asString("");
        if (host.isEmpty()) {
            throw new IOException("Azure names no host of %s".formatted(server));
        }
        String url = new Endpoints(profile).administratorUrl(host);
        return Optional.of(isOnThisMachine(host) ? url : DatabaseAccess.jdbcUrl(url, profile.database()));
    }

    /** The database's address for the administrator himself. */
    String administratorUrl(String host) {
        DatabaseSettings database = profile.database();
        if (isOnThisMachine(host)) {
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
                        database.statementTimeout(),
                        database.login(),
                        database.distribution(),
                        database.nodes(),
                        database.partitions(),
                        database.readUrl())
                .jdbcUrl();
    }

    static boolean isOnThisMachine(String host) {
        return host.startsWith(THIS_MACHINE);
    }

    /** The database's address for the maker of the environment, with the administrator's password. */
    String jdbcUrl(String host) {
        return DatabaseAccess.jdbcUrlOfMaker(administratorUrl(host), profile.database());
    }

    /**
     * How a client reaches the environment's own namespace.
     *
     * @param client its settings without address and login
     * @param serviceBusEndpoint as the namespace tells it, {@code https://host:443/}
     */
    Map<String, Object> broker(
            Map<String, Object> client, String serviceBusEndpoint, @Nullable Secret connectionString) {
        URI endpoint = URI.create(serviceBusEndpoint);
        return isHere(endpoint)
                ? unprotected(client, endpoint.getHost() + ":" + endpoint.getPort())
                : protectedBy(client, endpoint.getHost() + ":9093", connectionString);
    }

    /** How a client reaches the other Kafka that the profile names. */
    Map<String, Object> otherKafka(Map<String, Object> client, @Nullable Secret password) {
        String address = profile.messaging().bootstrapServers();
        return isOnThisMachine(address) ? unprotected(client, address) : protectedBy(client, address, password);
    }

    private static Map<String, Object> unprotected(Map<String, Object> client, String address) {
        Map<String, Object> settings = new LinkedHashMap<>(client);
        settings.put("bootstrap.servers", address);
        settings.put("security.protocol", "PLAINTEXT");
        settings.remove("sasl.mechanism");
        return settings;
    }

    private Map<String, Object> protectedBy(Map<String, Object> client, String address, @Nullable Secret secret) {
        Map<String, Object> settings = new LinkedHashMap<>(client);
        settings.put("bootstrap.servers", address);
        settings.putAll(KafkaLogin.of(profile.messaging(), secret));
        return settings;
    }

    /** An app's address, from its ingress' host. */
    URI app(String host) {
        return URI.create((host.startsWith(THIS_MACHINE) ? "http://" : "https://") + host);
    }

    /** Whether a namespace is this machine's stand-in, which speaks Kafka's protocol and no other. */
    static boolean isHere(URI endpoint) {
        return THIS_MACHINE.startsWith(endpoint.getHost() + ":");
    }
}
