package txlookup.consumer.poll;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.decode.Decoder;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.position.FencedException;
import txlookup.apply.store.position.Lease;
import txlookup.consumer.health.ConsumerHealth;
import txlookup.consumer.health.PartitionGauges;
import txlookup.consumer.offsets.BrokerLogs;
import txlookup.consumer.offsets.LogWatch;
import txlookup.consumer.telemetry.BatchTracing;
import txlookup.consumer.telemetry.ConsumerMetrics;
import txlookup.consumer.telemetry.StoreHealth;
import txlookup.consumer.worker.AssignedPartition;
import txlookup.consumer.worker.GroupCommit;
import txlookup.consumer.worker.PolledRecords;
import txlookup.consumer.worker.StoreTurns;
import txlookup.consumer.worker.SubscriptionSettings;
import txlookup.consumer.worker.WorkerShared;
import txlookup.profiles.events.EventProfile;

/**
 * Polls the generation's topics and hands each partition's records to its worker. Where to read from is what the store
 * says, never what Kafka's committed offsets say; those follow the store, for the tools that read them.
 *
 * <p>Only the thread in {@link #run} touches the Kafka consumer, save for {@link #stop}. It asks no broker and no store:
 * what may hang is done by the partitions' own threads.
 */
public final class Subscription implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Subscription.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration POLL_AT_REST = Duration.ofMillis(250);

    private final SubscriptionSettings settings;
    private final EventProfile profile;
    private final Consumer<byte[], byte[]> kafka;
    private final ConsumerMetrics metrics;
    private final PartitionGauges gauges;
    private final LogWatch logs;
    private final LogLosses losses;
    private final CommittedOffsets committed;
    private final IdlePartitions idle;
    private final WorkerShared shared;
    private final ConsumerHealth health;
    private final Map<TopicPartition, AssignedPartition> partitions = new ConcurrentHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Clock clock = Clock.systemUTC();
    private volatile boolean stopping;

    /**
     * @param brokers asked about the logs
     * @param turns for the store's connections
     * @param availability whether the store answers, as far as this process knows
     * @param memory what records may take in this process
     */
    public Subscription(
            SubscriptionSettings settings,
            EventProfile profile,
            Store store,
            Consumer<byte[], byte[]> kafka,
            BrokerLogs brokers,
            StoreTurns turns,
            StoreHealth availability,
            MemoryBounds memory,
            MeterRegistry registry,
            BatchTracing tracing) {
        this.settings = settings;
        this.profile = profile;
        this.kafka = kafka;
        this.metrics = new ConsumerMetrics(registry);
        this.logs = new LogWatch(brokers, partitions::keySet);
        this.gauges = new PartitionGauges(registry, logs);
        this.losses = new LogLosses(kafka, partitions, logs);
        this.committed = new CommittedOffsets(kafka, partitions, clock);
        this.health = new ConsumerHealth(partitions, availability, turns);
        this.shared = new WorkerShared(
                settings,
                store,
                turns,
                new GroupCommit(settings, store, turns, availability),
                logs,
                metrics,
                tracing,
                availability,
                () -> memory.waitingOf(partitions.size()));
        this.idle = new IdlePartitions(partitions, shared);
    }

    /**
     * Applies records until {@link #stop} or a failure that is not one partition's.
     *
     * @throws IllegalStateException when applying failed for a reason that is no record's and no log's
     */
    @Override
    public void run() {
        try {
            logs.start();
            idle.start();
            kafka.subscribe(settings.topics().keySet(), new Rebalance());
            while (!stopping) {
                round();
                health.roundMade();
            }
        } catch (WakeupException e) {
            if (!stopping) {
                throw e;
            }
        } finally {
            health.ended();
            idle.stop();
            logs.stop();
            giveBackAll();
            ended.countDown();
        }
    }

    private void round() {
        partitions.forEach(this::admitOrReplace);
        ConsumerRecords<byte[], byte[]> polled = poll();
        Set<TopicPartition> paused = kafka.paused();
        partitions.forEach((partition, assigned) -> handOver(polled, partition, assigned, paused));
        committed.follow();
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        try {
            return kafka.poll(isAtRest() ? POLL_AT_REST : POLL);
        } catch (OffsetOutOfRangeException e) {
            losses.stopWhere(e);
            return ConsumerRecords.empty();
        }
    }

    /** Whether records alone can give this thread something to do, and those end a poll at once. */
    private boolean isAtRest() {
        return !partitions.isEmpty()
                && partitions.values().stream().allMatch(AssignedPartition::accepts)
                && kafka.paused().isEmpty();
    }

    /** A worker that has claimed its partition knows where to read; only then are records fetched for it. */
    private void admitOrReplace(TopicPartition partition, AssignedPartition assigned) {
        switch (assigned.standing()) {
            case WAITING_FOR_SEEK -> admit(partition, assigned);
            case ENDED -> replaceOrFail(partition, assigned);
            case STOPPED -> kafka.pause(List.of(partition));
            case CLAIMING, WORKING -> {}
        }
    }

    private void admit(TopicPartition partition, AssignedPartition assigned) {
        Lease claim = assigned.claim();
        // With the epoch the broker is asked whether the log still is what was read up to here.
        kafka.seek(
                partition, new OffsetAndMetadata(claim.nextPosition(), Optional.ofNullable(claim.leaderEpoch()), ""));
        kafka.resume(List.of(partition));
        logs.lookAnew(partition);
        assigned.seekDone();
        log.info("{}: reading on at offset {} (epoch {})", partition, claim.nextPosition(), claim.epoch());
    }

    private void replaceOrFail(TopicPartition partition, AssignedPartition assigned) {
        Throwable failure = assigned.failure();
        if (failure instanceof FencedException) {
            // Still ours by the group, so the other claim was a zombie's or came from a hand-over that came back.
            kafka.pause(List.of(partition));
            start(partition);
        } else if (failure != null) {
            throw new IllegalStateException(partition + ": applying failed: " + failure.getMessage(), failure);
        }
    }

    private void handOver(
            ConsumerRecords<byte[], byte[]> polled,
            TopicPartition partition,
            AssignedPartition assigned,
            Set<TopicPartition> paused) {
        if (!assigned.accepts()) {
            return;
        }
        var records = polled.records(partition);
        long position = position(partition, records, assigned);
        // Transaction markers move the position without a record; the coverage must move over them as well.
        if (!records.isEmpty() || position > assigned.offeredTo()) {
            assigned.offer(PolledRecords.of(records, position));
        }
        losses.stopIfMadeAgain(partition, assigned);
        if (assigned.inbox().isFull()) {
            kafka.pause(List.of(partition));
        } else if (paused.contains(partition) && assigned.accepts()) {
            kafka.resume(List.of(partition));
        }
    }

    /**
     * Up to where was polled. Never waits for a broker and never throws for this partition alone: what was polled for the
     * others must be handed over, or it would be lost.
     */
    private long position(
            TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, AssignedPartition assigned) {
        try {
            return kafka.position(partition, Duration.ZERO);
        } catch (TimeoutException e) {
            // The position is being validated with a new leader, which takes as long as that needs to answer.
            return records.isEmpty()
                    ? assigned.offeredTo()
                    : records.get(records.size() - 1).offset() + 1;
        } catch (OffsetOutOfRangeException e) {
            losses.stopWhere(e);
            return assigned.offeredTo();
        }
    }

    private void start(TopicPartition partition) {
        Decoder decoder = new Decoder(profile, settings.maxFutureSkew(), clock, settings.canary());
        AssignedPartition assigned = new AssignedPartition(partition, decoder, shared);
        partitions.put(partition, assigned);
        metrics.expect(partition);
        gauges.track(partition, assigned);
        assigned.start();
    }

    private void giveBackAll() {
        GivingBack.giveBack(partitions.values());
        committed.commitNow(partitions.keySet());
        try {
            kafka.close();
        } catch (KafkaException e) {
            log.warn("Leaving the group failed; it notices by itself after the session time-out: {}", e.getMessage());
        }
    }

    /** Ends {@link #run} after the batches at hand; does not wait. */
    public void end() {
        if (!stopping) {
            stopping = true;
            kafka.wakeup();
        }
    }

    /** As {@link #end}, and waits for it no longer than {@code patience}. */
    public void stop(Duration patience) throws InterruptedException {
        end();
        if (!ended.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            log.warn("The batches at hand did not end within {}; they roll back and are read again", patience);
        }
    }

    public ConsumerHealth health() {
        return health;
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> added) {
            // Until a worker has claimed it, nothing may be fetched: with auto.offset.reset=none and no committed
            // offset, the poll would fail. The seek to 0 is never read from, as the partition is paused until the real
            // one.
            kafka.pause(added);
            for (TopicPartition partition : added) {
                kafka.seek(partition, 0);
                start(partition);
            }
            health.assigned();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            GivingBack.giveBack(revoked.stream()
                    .map(partitions::get)
                    .filter(Objects::nonNull)
                    .toList());
            committed.commitNow(revoked);
            forget(revoked);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            log.warn("Lost {}: another member has them; their batches at hand are fenced", lost);
            lost.stream().map(partitions::get).filter(Objects::nonNull).forEach(AssignedPartition::abandon);
            forget(lost);
        }

        private void forget(Collection<TopicPartition> gone) {
            gone.forEach(partition -> {
                partitions.remove(partition);
                gauges.forget(partition);
            });
        }
    }
}
