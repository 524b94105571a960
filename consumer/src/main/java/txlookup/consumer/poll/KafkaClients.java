package txlookup.consumer.poll;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import txlookup.consumer.worker.SubscriptionSettings;

/** The Kafka clients of a consumer process, made from its settings. */
public final class KafkaClients {
    // With group.protocol=consumer the client refuses to start when one of these is set.
    private static final Set<String> DECIDED_BY_THE_BROKER = Set.of(
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);

    private KafkaClients() {}

    /**
     * Bytes in, nothing of a transaction that was given up, and a hand-over that leaves alone what stays where it is.
     *
     * @param partitions how many this process may have; the client keeps an answer for each
     */
    public static Consumer<byte[], byte[]> consumer(
            SubscriptionSettings settings, MemoryBounds memory, int partitions) {
        Map<String, Object> kafka = new HashMap<>(settings.kafka());
        kafka.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
        kafka.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        if (isDecidedByTheBroker(kafka)) {
            kafka.keySet().removeAll(DECIDED_BY_THE_BROKER);
        } else {
            kafka.putIfAbsent(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        }
        atMost(kafka, ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1 << 20, memory.fetchOf(partitions));
        atMost(kafka, ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 50 << 20, memory.fetchOf(1));
        return new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static boolean isDecidedByTheBroker(Map<String, Object> kafka) {
        return "consumer".equalsIgnoreCase(String.valueOf(kafka.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG)));
    }

    private static void atMost(Map<String, Object> kafka, String setting, int usual, int most) {
        int wanted = Integer.parseInt(kafka.getOrDefault(setting, usual).toString());
        kafka.put(setting, Math.min(wanted, most));
    }

    /** @throws OlderClientWantedException when the broker speaks with an older client and not with this one */
    public static void requireHandshake(SubscriptionSettings settings) {
        requireHandshake(settings.kafka());
    }

    /**
     * The same for a client of any kind, before the first one is made.
     *
     * @throws OlderClientWantedException when the broker speaks with an older client and not with this one
     */
    public static void requireHandshake(Map<String, Object> kafka) {
        Object security = kafka.getOrDefault("security.protocol", "PLAINTEXT");
        Object servers = kafka.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG);
        new HandshakeProbe(security.toString()).require(servers.toString());
    }

    /** Speaks to the same brokers in the same way. */
    public static Admin admin(SubscriptionSettings settings) {
        Map<String, Object> shared = new HashMap<>(settings.kafka());
        shared.keySet().retainAll(AdminClientConfig.configNames());
        return Admin.create(shared);
    }
}
