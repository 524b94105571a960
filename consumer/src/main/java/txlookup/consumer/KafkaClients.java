package txlookup.consumer;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The Kafka clients of a consumer process, made from its settings. */
final class KafkaClients {
    private KafkaClients() {}

    /** Bytes in, nothing of a transaction that was given up, and a hand-over that leaves alone what stays where it is. */
    static Consumer<byte[], byte[]> consumer(ConsumerSettings settings) {
        Map<String, Object> kafka = new HashMap<>(settings.kafka());
        kafka.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
        kafka.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        kafka.putIfAbsent(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        return new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** @throws IllegalStateException when the broker speaks with an older client and not with this one */
    static void requireHandshake(ConsumerSettings settings) {
        Object security = settings.kafka().getOrDefault("security.protocol", "PLAINTEXT");
        Object servers = settings.kafka().get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG);
        new HandshakeProbe(security.toString()).require(servers.toString());
    }

    /** Speaks to the same brokers in the same way. */
    static Admin admin(ConsumerSettings settings) {
        Map<String, Object> shared = new HashMap<>(settings.kafka());
        shared.keySet().retainAll(AdminClientConfig.configNames());
        return Admin.create(shared);
    }
}
