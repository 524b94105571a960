package txlookup.local.testing;

import java.util.Map;
import txlookup.local.kafka.KafkaTopics;
import txlookup.local.process.Ports;

/**
 * A Kafka broker that tests use, wherever it comes from.
 *
 * @param port on the loopback address
 */
public record TestKafka(int port) {
    /** Host and port for clients. */
    public String bootstrapServers() {
        return Ports.LOOPBACK + ":" + port;
    }

    /** Makes a topic. One that is there with as many partitions is kept as it is; another number is an error. */
    public void createTopic(String name, int partitions, Map<String, String> configuration) {
        new KafkaTopics(port).create(name, partitions, configuration);
    }

    /** Deletes a topic with its records. Returns whether it was there. */
    public boolean deleteTopic(String name) {
        return new KafkaTopics(port).delete(name);
    }
}
