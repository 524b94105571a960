package txlookup.consumer.offsets;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.position.Lease;

/**
 * Looks at the logs of the partitions held, every second and for all of them at once: where they end, and whether their
 * topics are still the ones that were anchored. What the Kafka consumer tells of a log is what its latest fetch said,
 * however old; a leader that is away would look like a log without news.
 */
public final class LogWatch implements Runnable {
    /** How old an answer may be to say something about now. */
    static final Duration FRESH = Duration.ofSeconds(3);

    private static final Logger log = LoggerFactory.getLogger(LogWatch.class);
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long GATHER_MILLIS = 20;

    private record Question(TopicPartition partition, CompletableFuture<OffsetRangeCheck> answer) {}

    /** A log that ended at an offset, and later at a lower one. */
    record WentBack(long from, long to) {}

    private final BrokerLogs logs;
    private final Supplier<Collection<TopicPartition>> held;
    private final LinkedBlockingQueue<Question> questions = new LinkedBlockingQueue<>();
    private final Map<TopicPartition, LogEnd> ends = new ConcurrentHashMap<>();
    private final Map<TopicPartition, WentBack> wentBack = new ConcurrentHashMap<>();
    private final Map<String, String> topicIds = new ConcurrentHashMap<>();
    // Asked and not answered: a leader that hangs must not gather questions.
    private final Set<Object> asking = ConcurrentHashMap.newKeySet();
    private final Thread thread = new Thread(this, "logs");

    /** @param held the partitions held at the time of asking */
    public LogWatch(BrokerLogs logs, Supplier<Collection<TopicPartition>> held) {
        this.logs = logs;
        this.held = held;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    public void stop() {
        thread.interrupt();
    }

    @Override
    public void run() {
        long nextLook = System.nanoTime();
        try {
            while (true) {
                Question first = questions.poll(nextLook - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (first != null) {
                    answer(withThoseThatFollow(first));
                }
                if (System.nanoTime() >= nextLook) {
                    nextLook = System.nanoTime() + EVERY_NANOS;
                    look();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The bounds of a log, asked for after this call; fails when its leader does not answer within seconds. */
    public CompletableFuture<OffsetRangeCheck> bounds(TopicPartition partition) {
        Question question = new Question(partition, new CompletableFuture<>());
        questions.add(question);
        return question.answer();
    }

    /** What a partition's leader answered last; null before the first answer. */
    @Nullable
    public LogEnd end(TopicPartition partition) {
        return ends.get(partition);
    }

    /** The same while it is fresh enough to say something about now. */
    public Optional<LogEnd> freshEnd(TopicPartition partition) {
        return Optional.ofNullable(end(partition)).filter(end -> end.age().compareTo(FRESH) < 0);
    }

    /**
     * Whether the log is another than the one that was anchored, as far as can be seen: by the topic's id, and where the
     * broker gives none (Event Hubs), by an end that went back.
     */
    public Optional<GapException> anotherThan(TopicPartition partition, Lease claim) {
        String idNow = topicIds.get(partition.topic());
        if (claim.topicId() != null) {
            return idNow == null || idNow.equals(claim.topicId())
                    ? Optional.empty()
                    : Optional.of(OffsetRangeCheck.madeAgain(claim, idNow));
        }
        return Optional.ofNullable(wentBack.get(partition)).map(ends -> OffsetRangeCheck.wentBack(claim, ends));
    }

    /** Forgets what was seen of a log that is read from a new position on. */
    public void lookAnew(TopicPartition partition) {
        ends.remove(partition);
        wentBack.remove(partition);
    }

    public BrokerLogs logs() {
        return logs;
    }

    /** Workers that claim at once ask at once: one request for all of them. */
    private List<Question> withThoseThatFollow(Question first) throws InterruptedException {
        List<Question> asked = new ArrayList<>(List.of(first));
        Thread.sleep(GATHER_MILLIS);
        questions.drainTo(asked);
        return asked;
    }

    private void answer(List<Question> asked) {
        try {
            Set<TopicPartition> partitions =
                    asked.stream().map(Question::partition).collect(Collectors.toSet());
            var begins = logs.begins(partitions);
            var endings = logs.ends(partitions);
            var ids = logs.topicIds(topics(partitions));
            for (Question question : asked) {
                TopicPartition partition = question.partition();
                var all = begins.get(partition)
                        .thenCombine(endings.get(partition), OffsetRangeCheck::new)
                        .thenCombine(ids.get(partition.topic()), OffsetRangeCheck::of);
                then(all, (bounds, e) -> {
                    if (e == null) {
                        question.answer().complete(bounds);
                    } else {
                        question.answer().completeExceptionally(e);
                    }
                });
            }
        } catch (RuntimeException e) {
            asked.forEach(question -> question.answer().completeExceptionally(e));
        }
    }

    private void look() {
        try {
            Set<TopicPartition> partitions = new HashSet<>(held.get());
            ends.keySet().retainAll(partitions);
            wentBack.keySet().retainAll(partitions);
            Set<TopicPartition> toAsk = partitions.stream().filter(asking::add).collect(Collectors.toSet());
            logs.ends(toAsk)
                    .forEach((partition, end) -> then(end, (answer, e) -> {
                        asking.remove(partition);
                        noteGoingBack(partition, answer);
                        keep(ends, partition, answer, e);
                    }));
            Set<String> topics = topics(partitions).stream().filter(asking::add).collect(Collectors.toSet());
            logs.topicIds(topics)
                    .forEach((topic, id) -> then(id, (answer, e) -> {
                        asking.remove(topic);
                        keep(topicIds, topic, answer == null ? null : answer.orElse(null), e);
                    }));
        } catch (RuntimeException e) {
            asking.clear();
            log.warn("No look at the logs: {}", e.toString());
        }
    }

    private static <T> void then(CompletableFuture<T> answer, BiConsumer<T, Throwable> what) {
        CompletableFuture<T> unused = answer.whenComplete(what);
    }

    private void noteGoingBack(TopicPartition partition, @Nullable LogEnd now) {
        LogEnd before = ends.get(partition);
        if (now != null && before != null && now.offset() < before.offset()) {
            wentBack.put(partition, new WentBack(before.offset(), now.offset()));
        }
    }

    private static <K, V> void keep(Map<K, V> seen, K key, @Nullable V value, @Nullable Throwable e) {
        if (e != null) {
            log.debug("No look at {}: {}", key, e.toString());
        } else if (value != null) {
            seen.put(key, value);
        }
    }

    private static Set<String> topics(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
    }
}
