package txlookup.local.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import txlookup.local.process.Deadline;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.local.process.ManagedProcess;
import txlookup.local.process.Ports;

/** What is asked of a local broker itself. */
public final class KafkaTopics {
    private static final Duration ENOUGH = Duration.ofSeconds(30);
    private static final int ANSWER_MILLIS = 2000;
    private static final short ONE_REPLICA = 1;

    private final String bootstrapServers;

    public KafkaTopics(int port) {
        this.bootstrapServers = Ports.LOOPBACK + ":" + port;
    }

    /** Waits until the broker serves; false when its process ended or the deadline came first. */
    boolean awaitAnswer(ManagedProcess process, Deadline deadline) {
        try (Admin admin = admin(deadline.left())) {
            return deadline.await(() -> !process.isRunning() || answers(admin)) && process.isRunning();
        }
    }

    String clusterId() {
        try (Admin admin = admin(ENOUGH)) {
            return result(admin.describeCluster().clusterId());
        }
    }

    /** Makes a topic. One that is there with as many partitions is kept as it is; another number is an error. */
    public void create(String name, int partitions, Map<String, String> configuration) {
        try (Admin admin = admin(ENOUGH)) {
            try {
                result(admin.createTopics(List.of(new NewTopic(name, partitions, ONE_REPLICA).configs(configuration)))
                        .all());
            } catch (TopicExistsException e) {
                requirePartitions(admin, name, partitions);
            }
            // The controller has it; now wait until the broker that clients ask has it as well.
            if (!Deadline.after(ENOUGH).await(() -> describe(admin, name).isPresent())) {
                throw new LocalEnvironmentException("the topic " + name + " does not appear within "
                        + ENOUGH.toSeconds() + " s after its creation");
            }
            awaitLogs(admin, name, partitions);
        }
    }

    /**
     * Waits until each partition's leader has its log. A producer with two batches under way that meets a partition before
     * loses the first for good: the second is accepted, and the first is out of order from then on (KAFKA-15591).
     */
    private static void awaitLogs(Admin admin, String name, int partitions) {
        Map<TopicPartition, OffsetSpec> all = IntStream.range(0, partitions)
                .boxed()
                .collect(Collectors.toMap(
                        partition -> new TopicPartition(name, partition), partition -> OffsetSpec.earliest()));
        result(admin.listOffsets(all).all());
    }

    /** Deletes a topic with its records. Returns whether it was there. */
    public boolean delete(String name) {
        try (Admin admin = admin(ENOUGH)) {
            try {
                result(admin.deleteTopics(List.of(name)).all());
            } catch (UnknownTopicOrPartitionException e) {
                return false;
            }
            if (!Deadline.after(ENOUGH).await(() -> describe(admin, name).isEmpty())) {
                throw new LocalEnvironmentException(
                        "the topic " + name + " is still there " + ENOUGH.toSeconds() + " s after its deletion");
            }
            return true;
        }
    }

    private static void requirePartitions(Admin admin, String name, int wanted) {
        int found =
                describe(admin, name).map(topic -> topic.partitions().size()).orElse(wanted);
        if (found != wanted) {
            throw new LocalEnvironmentException("the topic " + name + " exists with " + found + " partitions, not "
                    + wanted + "; delete it first or keep its number");
        }
    }

    private static Optional<TopicDescription> describe(Admin admin, String name) {
        try {
            return Optional.of(
                    result(admin.describeTopics(List.of(name)).allTopicNames()).get(name));
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        }
    }

    /** A broker names no node until its controller has let it in. */
    private static boolean answers(Admin admin) {
        try {
            return !result(admin.describeCluster(new DescribeClusterOptions().timeoutMs(ANSWER_MILLIS))
                            .nodes())
                    .isEmpty();
        } catch (RetriableException e) {
            return false;
        }
    }

    private static <T> T result(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new LocalEnvironmentException("the local Kafka failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalEnvironmentException("interrupted while asking the local Kafka", e);
        }
    }

    private Admin admin(Duration limit) {
        int millis = (int) Math.max(1, limit.toMillis());
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                millis,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                millis));
    }
}
