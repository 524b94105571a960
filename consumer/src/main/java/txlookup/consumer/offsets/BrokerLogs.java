package txlookup.consumer.offsets;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the brokers about many logs at once. Each partition is answered by its own leader, so a leader that hangs keeps
 * no other partition waiting.
 */
public final class BrokerLogs {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

    private final Admin admin;
    private volatile IsolationLevel isolation = IsolationLevel.READ_COMMITTED;

    public BrokerLogs(Admin admin) {
        this.admin = admin;
    }

    Map<TopicPartition, CompletableFuture<Long>> begins(Collection<TopicPartition> partitions) {
        ListOffsetsResult asked = ask(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
        return each(partitions, partition -> answer(asked.partitionResult(partition))
                .thenApply(info -> info.offset()));
    }

    /** Where what may be read ends: the first record of the oldest open transaction, or the log's end. */
    Map<TopicPartition, CompletableFuture<LogEnd>> ends(Collection<TopicPartition> partitions) {
        long askedAt = System.nanoTime();
        ListOffsetsResult asked = ask(partitions, OffsetSpec.latest(), isolation);
        return each(partitions, partition -> answer(asked.partitionResult(partition))
                .whenComplete((info, e) -> noteOldProtocol(e))
                .thenApply(info -> new LogEnd(info.offset(), info.leaderEpoch().orElse(null), askedAt)));
    }

    /** When the first record that is left was published; -1 where none is left. */
    public CompletableFuture<Long> firstTimestamp(TopicPartition partition) {
        return answer(ask(List.of(partition), OffsetSpec.forTimestamp(0), IsolationLevel.READ_UNCOMMITTED)
                        .partitionResult(partition))
                .thenApply(info -> info.timestamp());
    }

    /** The topics' ids; empty where the broker gives none. */
    Map<String, CompletableFuture<Optional<String>>> topicIds(Collection<String> topics) {
        Map<String, KafkaFuture<TopicDescription>> asked = TopicIds.ask(admin, topics, ANSWER_WITHIN);
        return each(topics, topic -> answer(asked.get(topic)).thenApply(TopicIds::idOf));
    }

    private ListOffsetsResult ask(Collection<TopicPartition> partitions, OffsetSpec what, IsolationLevel level) {
        ListOffsetsOptions options = new ListOffsetsOptions(level);
        options.timeoutMs((int) ANSWER_WITHIN.toMillis());
        return admin.listOffsets(each(partitions, partition -> what), options);
    }

    /** A protocol older than transactions knows no open ones either: from then on the log's own end is asked for. */
    private void noteOldProtocol(@Nullable Throwable e) {
        if (e instanceof UnsupportedVersionException
                || (e != null && e.getCause() instanceof UnsupportedVersionException)) {
            isolation = IsolationLevel.READ_UNCOMMITTED;
        }
    }

    private static <T> CompletableFuture<T> answer(KafkaFuture<T> future) {
        return future.toCompletionStage().toCompletableFuture();
    }

    private static <K, V> Map<K, V> each(Collection<K> keys, Function<K, V> value) {
        return keys.stream().distinct().collect(Collectors.toMap(Function.identity(), value));
    }
}
