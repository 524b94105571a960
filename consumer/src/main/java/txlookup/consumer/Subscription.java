package txlookup.consumer;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.decode.Decoder;
import txlookup.apply.store.Claim;
import txlookup.apply.store.FencedException;
import txlookup.apply.store.Store;
import txlookup.profiles.EventProfile;

/**
 * Polls the generation's topics and hands each partition's records to its worker. Where to read from is what the store
 * says, never what Kafka's committed offsets say; those follow the store, for the tools that read them.
 *
 * <p>Only the thread in {@link #run} touches the Kafka consumer, save for {@link #stop}.
 */
public final class Subscription implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Subscription.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final long LAST_BATCH_MILLIS = 20_000;

    private final ConsumerSettings settings;
    private final EventProfile profile;
    private final Store store;
    private final Consumer<byte[], byte[]> kafka;
    private final LogBounds bounds;
    private final ConsumerMetrics metrics;
    private final BatchTracing tracing;
    private final PartitionGauges gauges;
    private final BrokerAnswers answers;
    private final TopicWatch topics;
    private final CommittedOffsets committed;
    private final Availability availability = new Availability();
    private final Map<TopicPartition, PartitionWorker> workers = new ConcurrentHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Clock clock = Clock.systemUTC();
    private volatile boolean stopping;
    private volatile boolean assigned;

    public Subscription(
            ConsumerSettings settings,
            EventProfile profile,
            Store store,
            Consumer<byte[], byte[]> kafka,
            LogBounds bounds,
            MeterRegistry registry) {
        this(settings, profile, store, kafka, bounds, registry, new BatchTracing(OpenTelemetry.noop(), ""));
    }

    Subscription(
            ConsumerSettings settings,
            EventProfile profile,
            Store store,
            Consumer<byte[], byte[]> kafka,
            LogBounds bounds,
            MeterRegistry registry,
            BatchTracing tracing) {
        this.tracing = tracing;
        this.settings = settings;
        this.profile = profile;
        this.store = store;
        this.kafka = kafka;
        this.bounds = bounds;
        this.metrics = new ConsumerMetrics(registry);
        this.gauges = new PartitionGauges(registry);
        this.answers = new BrokerAnswers(kafka);
        this.committed = new CommittedOffsets(kafka, workers, clock);
        this.topics = new TopicWatch(
                bounds.topicIds(),
                () -> workers.values().stream().map(PartitionWorker::claim).filter(Objects::nonNull));
    }

    /**
     * Applies records until {@link #stop} or a failure.
     *
     * @throws GapException when the log does not hold what this generation has to read
     * @throws IllegalStateException when a worker failed for good
     */
    @Override
    public void run() {
        try {
            topics.start();
            kafka.subscribe(settings.topics().keySet(), new Rebalance());
            while (!stopping) {
                round();
            }
        } catch (WakeupException e) {
            if (!stopping) {
                throw e;
            }
        } catch (OffsetOutOfRangeException e) {
            throw bounds.gap(e.offsetOutOfRangePartitions());
        } finally {
            topics.stop();
            giveBackAll();
            ended.countDown();
        }
    }

    private void round() {
        topics.require();
        admitClaimed();
        ConsumerRecords<byte[], byte[]> polled = kafka.poll(POLL);
        answers.look();
        for (Map.Entry<TopicPartition, PartitionWorker> entry : workers.entrySet()) {
            handOver(polled, entry.getKey(), entry.getValue());
        }
        committed.follow();
    }

    /** A worker that has claimed its partition knows where to read; only then are records fetched for it. */
    private void admitClaimed() {
        for (Map.Entry<TopicPartition, PartitionWorker> entry : workers.entrySet()) {
            PartitionWorker worker = entry.getValue();
            switch (worker.standing()) {
                case WAITING_FOR_SEEK -> admit(entry.getKey(), worker);
                case ENDED -> replaceOrFail(entry.getKey(), worker);
                case CLAIMING, WORKING -> {}
            }
        }
    }

    private void admit(TopicPartition partition, PartitionWorker worker) {
        Claim claim = worker.claim();
        try {
            bounds.requireHeld(partition, claim);
        } catch (RetriableException e) {
            log.warn("{}: could not ask for the log's bounds, trying again: {}", partition, e.getMessage());
            return;
        }
        kafka.seek(partition, claim.nextPosition());
        kafka.resume(List.of(partition));
        worker.seekDone();
        metrics.expect(partition);
        gauges.track(partition, worker);
        log.info("{}: reading on at offset {} (epoch {})", partition, claim.nextPosition(), claim.epoch());
    }

    private void replaceOrFail(TopicPartition partition, PartitionWorker worker) {
        Throwable failure = worker.failure();
        if (failure instanceof FencedException) {
            // Still ours by the group, so the other claim was a zombie's or came from a hand-over that came back.
            kafka.pause(List.of(partition));
            start(partition);
        } else if (failure instanceof GapException || failure instanceof SystemicFaultException) {
            throw (RuntimeException) failure;
        } else if (failure != null) {
            throw new IllegalStateException(partition + ": applying failed: " + failure.getMessage(), failure);
        }
    }

    private void handOver(ConsumerRecords<byte[], byte[]> polled, TopicPartition partition, PartitionWorker worker) {
        if (worker.standing() != PartitionWorker.Standing.WORKING) {
            return;
        }
        long position = kafka.position(partition);
        OptionalLong lag = kafka.currentLag(partition);
        gauges.polledTo(partition, worker, position, lag);
        if (answers.isNew() && lag.isPresent()) {
            worker.logEndsAt(position + lag.getAsLong());
        }
        var records = polled.records(partition);
        // Transaction markers move the position without a record; the coverage must move over them as well.
        if (!records.isEmpty() || position > worker.offeredTo()) {
            worker.offer(PolledRecords.of(records, position));
        }
        if (worker.inbox().hasFullBatch()) {
            kafka.pause(List.of(partition));
        } else if (kafka.paused().contains(partition)) {
            kafka.resume(List.of(partition));
        }
    }

    private void start(TopicPartition partition) {
        Decoder decoder = new Decoder(profile, settings.maxFutureSkew(), clock, settings.generation());
        PartitionWorker worker =
                new PartitionWorker(partition, settings, store, decoder, metrics, tracing, availability);
        workers.put(partition, worker);
        worker.start();
    }

    private void giveBackAll() {
        List<PartitionWorker> all = new ArrayList<>(workers.values());
        all.forEach(PartitionWorker::abandon);
        all.forEach(worker -> worker.stop(LAST_BATCH_MILLIS));
        committed.commitNow(workers.keySet());
        try {
            kafka.close();
        } catch (KafkaException e) {
            log.warn("Leaving the group failed; it notices by itself after the session time-out: {}", e.getMessage());
        }
    }

    /** Ends {@link #run} after the batches at hand, and waits for it no longer than {@code patience}. */
    public void stop(Duration patience) throws InterruptedException {
        stopping = true;
        kafka.wakeup();
        if (!ended.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            log.warn("The batches at hand did not end within {}; they roll back and are read again", patience);
        }
    }

    /** Why this process is not ready, one line a reason; empty when it is. */
    public List<String> notReady() {
        List<String> reasons = new ArrayList<>();
        Optional<String> outage = availability.outage();
        outage.ifPresent(reasons::add);
        if (!assigned) {
            reasons.add("no partitions assigned yet");
        }
        workers.forEach((partition, worker) -> {
            if (worker.standing() != PartitionWorker.Standing.WORKING) {
                reasons.add("%s: %s".formatted(partition, worker.standing()));
            }
        });
        return reasons;
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assigned = true;
            // Until a worker has claimed it, nothing may be fetched: with auto.offset.reset=none and no committed
            // offset,
            // the poll would fail. The seek to 0 is never read from, as the partition is paused until the real one.
            kafka.pause(partitions);
            for (TopicPartition partition : partitions) {
                kafka.seek(partition, 0);
                start(partition);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            List<PartitionWorker> revoked =
                    partitions.stream().map(workers::get).toList();
            revoked.forEach(PartitionWorker::abandon);
            revoked.forEach(worker -> worker.stop(LAST_BATCH_MILLIS));
            committed.commitNow(partitions);
            forget(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            log.warn("Lost {}: another member has them; their batches at hand are fenced", partitions);
            partitions.forEach(partition -> workers.get(partition).abandon());
            forget(partitions);
        }

        private void forget(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> {
                workers.remove(partition);
                gauges.forget(partition);
            });
        }
    }
}
