package txlookup.gate.observe.canary;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Marker;
import txlookup.gate.observe.canary.CanaryRun.Settled;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.observe.record.Recorder;
import txlookup.gate.observe.record.RequestPatience;
import txlookup.gate.observe.record.ServiceHttp;
import txlookup.gate.observe.store.StoreReadings;

/**
 * Publishes a marker a partition a second into the real topics and looks until each is visible a record of that instant would have taken, on quiet partitions as well. Markers reach no table that people look into.
 */
public final class CanaryMarkers implements ObservationSource {
    /** What this source reads; without it an observation says why it is absent. */
    public static final List<String> READINGS = List.of("canary_seconds", "canary_lost");

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String SOURCE = "canary";
    private static final long LOOK_EVERY_MILLIS = 50;
    private static final int DETAILS_SHOWN = 3;
    // No consumer that keeps the contract can make an entity of it; a null would be a deletion to some.
    private static final byte[] VALUE = "{\"txlookup_canary\":\"a marker event, no data\"}".getBytes(UTF_8);

    private final Map<String, Object> broker;
    private final List<String> topics;
    private final MarkerView view;
    private final Duration every;
    private final Duration deadline;
    private final Clock clock = Clock.systemUTC();
    private final String run = UUID.randomUUID().toString();
    private final List<Thread> threads = new ArrayList<>();
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private @Nullable CanaryRun markers;
    private volatile boolean publishing = true;
    private volatile boolean looking = true;
    private volatile @Nullable String notAllowed;

    /**
     * Prepares it.
     *
     * @param broker settings of a producer
     * @param view where markers are to be seen
     * @param every from one marker of a partition to the next
     * @param deadline a marker that is not visible then is lost
     */
    public CanaryMarkers(
            Map<String, Object> broker, List<String> topics, MarkerView view, Duration every, Duration deadline) {
        this.broker = new HashMap<>(broker);
        // A marker that the broker does not take is lost, and that is to be known as soon as it is.
        this.broker.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
        int patience = RequestPatience.millis(broker, PATIENCE);
        this.broker.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, patience);
        this.broker.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) Math.max(deadline.toMillis(), patience));
        this.broker.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        this.topics = List.copyOf(topics);
        this.view = view;
        this.every = every;
        this.deadline = deadline;
    }

    @Override
    public void begin(Recorder recorder) {
        try {
            producer = new KafkaProducer<>(broker, new ByteArraySerializer(), new ByteArraySerializer());
            List<TopicPartition> partitions = topics.stream()
                    .flatMap(topic -> producer.partitionsFor(topic).stream())
                    .map(found -> new TopicPartition(found.topic(), found.partition()))
                    .toList();
            markers = new CanaryRun(deadline, partitions);
            start("canary-publisher", this::publish);
            start("canary-watch", this::watch);
        } catch (KafkaException e) {
            READINGS.forEach(name -> recorder.absent(name, "no marker could be published: " + ServiceHttp.said(e)));
        }
    }

    private void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void publish() {
        long began = System.nanoTime();
        for (long due = 0; publishing; due += every.toNanos()) {
            sleep(TimeUnit.NANOSECONDS.toMillis(began + due - System.nanoTime()));
            Instant round = clock.instant();
            for (TopicPartition partition : markers.partitions()) {
                if (publishing) {
                    publish(partition, round);
                }
            }
        }
    }

    private void publish(TopicPartition partition, Instant round) {
        long sequence = markers.published(partition, round, System.nanoTime());
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(partition.topic(), partition.partition(), Marker.HEADER.getBytes(UTF_8), VALUE);
        record.headers()
                .add(Marker.HEADER, Marker.nonce(view.canary()))
                .add(Marker.BEAT_HEADER, new Marker.Beat(run, partition.partition(), sequence).headerValue());
        try {
            // What becomes of it is in the markers.
            var unused = producer.send(record, (taken, e) -> {
                if (e != null) {
                    refused(partition, sequence, e);
                }
            });
        } catch (KafkaException e) {
            refused(partition, sequence, e);
        }
    }

    private void refused(TopicPartition partition, long sequence, Exception e) {
        if (e instanceof AuthorizationException) {
            notAllowed = "the gate may not publish markers: " + ServiceHttp.said(e);
        }
        markers.refused(partition, sequence, ServiceHttp.said(e), System.nanoTime());
    }

    private void watch() {
        while (looking) {
            try {
                markers.seen(view.passed(run), System.nanoTime());
            } catch (IOException e) {
                markers.unseen(StoreReadings.firstLine(e), System.nanoTime());
            } catch (MarkerView.NotToBeSeenException e) {
                notAllowed = e.getMessage();
                markers.unseen(e.getMessage(), System.nanoTime());
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts the canary's threads", e);
            }
            sleep(LOOK_EVERY_MILLIS);
        }
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the canary's threads", e);
        }
    }

    /** Waits for the markers under way, no longer than their deadline. */
    @Override
    public void end(Recorder recorder) throws InterruptedException {
        publishing = false;
        if (markers == null) {
            return;
        }
        threads.get(0).join();
        while (!markers.allSettled()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
        looking = false;
        threads.get(1).join();
        if (notAllowed != null) {
            READINGS.forEach(name -> recorder.absent(name, notAllowed));
            return;
        }
        markers.settled().forEach(one -> tell(recorder, one));
        markers.partitions().forEach(partition -> tellLost(recorder, partition));
    }

    private static void tell(Recorder recorder, Settled one) {
        double seconds = one.nanos() / (double) TimeUnit.SECONDS.toNanos(1);
        recorder.reading(
                SOURCE,
                READINGS.get(0),
                labels(one.partition()),
                seconds,
                one.lost() == null ? one.partition() + " took %.1f s".formatted(seconds) : named(one),
                one.round());
    }

    private void tellLost(Recorder recorder, TopicPartition partition) {
        List<String> lost = markers.settled().stream()
                .filter(one -> one.partition().equals(partition) && one.lost() != null)
                .map(CanaryMarkers::named)
                .toList();
        long skipped = markers.skipped(partition);
        List<String> details = new ArrayList<>(lost.subList(0, Math.min(lost.size(), DETAILS_SHOWN)));
        if (skipped > 0) {
            details.add("%s: %d markers were published before a visible one and never passed"
                    .formatted(partition, skipped));
        }
        recorder.reading(
                SOURCE,
                READINGS.get(1),
                labels(partition),
                (double) (lost.size() + skipped),
                details.isEmpty()
                        ? null
                        : "%s lost %d: %s".formatted(partition, lost.size() + skipped, String.join(", ", details)));
    }

    private static String named(Settled one) {
        return "%s marker %d: %s".formatted(one.partition(), one.sequence(), one.lost());
    }

    private static Map<String, String> labels(TopicPartition partition) {
        return Map.of("topic", partition.topic(), "partition", Integer.toString(partition.partition()));
    }

    @Override
    public void close() {
        publishing = false;
        looking = false;
        if (producer != null) {
            producer.close(Duration.ofSeconds(2));
        }
    }
}
