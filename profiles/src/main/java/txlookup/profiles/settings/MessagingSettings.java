package txlookup.profiles.settings;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Kafka, or Event Hubs through Kafka's protocol (docs/azure-facts.md, C).
 *
 * @param bootstrapServers {@code host:port}, several separated by commas; default 127.0.0.1 with {@code local.kafkaPort}
 *     in stage local, in the cloud the namespace that {@code Names} gives; with a login by password another Kafka's, and no
 *     namespace is made
 * @param security how to log in; default {@link MessagingSecurity#PLAINTEXT}, refused in the cloud
 * @param connectionStringVariable name of the secret that holds the connection string, for {@link MessagingSecurity#SAS};
 *     default {@code TXLOOKUP_EVENT_HUBS_CONNECTION_STRING}
 * @param user who logs in to another Kafka, for {@link MessagingSecurity#PLAIN} and {@link MessagingSecurity#SCRAM}
 * @param passwordVariable name of the secret that holds that user's password; default {@code TXLOOKUP_KAFKA_PASSWORD}
 * @param partitions partitions of each topic that is made; default 2
 * @param retention how long a topic that is made keeps its records; default 72 h
 * @param client client settings under Kafka's names, as strings; times in ms. Defaults: metadata.max.age.ms 5000,
 *     connections.max.idle.ms 180000, request.timeout.ms 60000, session.timeout.ms 30000, heartbeat.interval.ms 3000,
 *     max.poll.interval.ms 300000, fetch.max.wait.ms 50, receive.buffer.bytes -1 (as the system sees fit), fetch.max.bytes
 *     16777216, max.partition.fetch.bytes 4194304, group.protocol classic, enable.auto.commit false, auto.offset.reset none
 * @param producer producer settings under Kafka's names, as strings. Defaults: max.request.size 1000000 (bytes), acks all,
 *     enable.idempotence true, compression.type none
 */
public record MessagingSettings(
        String bootstrapServers,
        MessagingSecurity security,
        String connectionStringVariable,
        Optional<String> user,
        String passwordVariable,
        int partitions,
        Duration retention,
        Map<String, String> client,
        Map<String, String> producer) {

    private static final List<String> OF_EVERY_CLIENT =
            List.of("metadata.max.age.ms", "connections.max.idle.ms", "request.timeout.ms");

    public MessagingSettings {
        Objects.requireNonNull(bootstrapServers, "bootstrapServers");
        Objects.requireNonNull(security, "security");
        Objects.requireNonNull(connectionStringVariable, "connectionStringVariable");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(passwordVariable, "passwordVariable");
        Objects.requireNonNull(retention, "retention");
        client = Collections.unmodifiableMap(new LinkedHashMap<>(client));
        producer = Collections.unmodifiableMap(new LinkedHashMap<>(producer));
    }

    /**
     * What a consumer is made with, as a new map. Where there is a login the caller adds {@code sasl.jaas.config}, because a
     * profile holds no secret.
     */
    public Map<String, Object> consumerProperties() {
        Map<String, Object> properties = connection();
        properties.putAll(client);
        return properties;
    }

    /** What a producer is made with, as a new map; see {@link #consumerProperties()}. */
    public Map<String, Object> producerProperties() {
        Map<String, Object> properties = adminProperties();
        properties.putAll(producer);
        return properties;
    }

    /** What an admin client is made with, as a new map; see {@link #consumerProperties()}. */
    public Map<String, Object> adminProperties() {
        Map<String, Object> properties = connection();
        OF_EVERY_CLIENT.forEach(name -> properties.put(name, client.get(name)));
        return properties;
    }

    private Map<String, Object> connection() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("bootstrap.servers", bootstrapServers);
        properties.put("security.protocol", security == MessagingSecurity.PLAINTEXT ? "PLAINTEXT" : "SASL_SSL");
        security.mechanism().ifPresent(mechanism -> properties.put("sasl.mechanism", mechanism));
        return properties;
    }

    /** Name of the secret to log in with: a connection string or a password; empty where there is none. */
    public Optional<String> secretVariable() {
        if (security == MessagingSecurity.SAS) {
            return Optional.of(connectionStringVariable);
        }
        return security.isByPassword() ? Optional.of(passwordVariable) : Optional.empty();
    }
}
