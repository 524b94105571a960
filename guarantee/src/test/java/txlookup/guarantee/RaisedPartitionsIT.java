package txlookup.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.guarantee.fleet.Fleet;
import txlookup.guarantee.fleet.TrialServers;
import txlookup.guarantee.witness.Stored;
import txlookup.local.process.ManagedProcess;

/** Partitions are raised from 2 to 16 under full load: no event is lost, none waits long, no consumer ends. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("nightly")
class RaisedPartitionsIT {
    private static final int PER_SECOND = 5000;
    private static final int SECONDS = 60;
    private static final int RAISED_AFTER = 20;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

    // A record's time is when its producer sent it.
    private static final String OF_NEW_PARTITIONS = """
            FROM (SELECT source_id, source_time, ingested_at FROM ledger_entry
                  UNION ALL SELECT source_id, source_time, ingested_at FROM payment_order) AS row
            JOIN coverage USING (source_id) WHERE partition >= 2""";

    private Trial trial;
    private KafkaProducer<String, String> producer;

    @BeforeEach
    void start() throws Exception {
        trial = new Trial(TrialServers.started());
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", trial.servers.kafka.bootstrapServers(), "metadata.max.age.ms", 1000),
                new StringSerializer(),
                new StringSerializer());
    }

    @AfterEach
    void end() throws Exception {
        producer.close();
        trial.close();
    }

    @Test
    void everyEventBecomesVisibleThoseOfNewPartitionsWithinFifteenSeconds() throws Exception {
        ManagedProcess one = trial.fleet.start(Fleet.Size.USUAL);
        ManagedProcess other = trial.fleet.start(Fleet.Size.USUAL);
        publish(0, 1000);
        trial.awaitConsumed(1000);

        CompletableFuture<Long> publishing = CompletableFuture.supplyAsync(() -> publishSteadily(1000));
        Thread.sleep(RAISED_AFTER * 1000L);
        trial.raisePartitionsTo(16);
        long published = publishing.get();
        trial.awaitConsumed(published);

        assertThat(one.isRunning() && other.isRunning()).isTrue();
        assertThat(number("SELECT (SELECT count(*) FROM ledger_entry) + (SELECT count(*) FROM payment_order)"))
                .as("events visible")
                .isEqualTo(published);
        assertThat(number("SELECT count(DISTINCT source_id) " + OF_NEW_PARTITIONS))
                .as("new partitions of two topics with events")
                .isEqualTo(28);
        long longest = number(
                "SELECT (extract(epoch FROM max(ingested_at - source_time)) * 1000)::bigint " + OF_NEW_PARTITIONS);
        System.out.printf("an event in a new partition waited for %d ms at most%n", longest);
        assertThat(Duration.ofMillis(longest)).isLessThan(LONGEST_WAIT);
    }

    private long number(String sql) throws Exception {
        return Stored.number(trial, sql);
    }

    /** @return the number of events published, with those before */
    private long publishSteadily(int before) {
        int from = before;
        long start = System.nanoTime();
        try {
            for (int tenth = 1; tenth <= 10 * SECONDS; tenth++) {
                publish(from, from + PER_SECOND / 10);
                from += PER_SECOND / 10;
                long left = start + TimeUnit.MILLISECONDS.toNanos(100L * tenth) - System.nanoTime();
                TimeUnit.NANOSECONDS.sleep(left);
            }
            return from;
        } catch (InterruptedException | ExecutionException e) {
            throw new CompletionException("publishing failed", e);
        }
    }

    private void publish(int from, int to) throws InterruptedException, ExecutionException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = from; i < to; i++) {
            sent.add(producer.send(i % 4 == 0 ? order("po-" + i) : entry("tx-" + i)));
        }
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
    }

    private ProducerRecord<String, String> entry(String id) {
        String value =
                "{\"tx_id\":\"%s\",\"wallet_id\":\"w-1\",\"type\":\"PAYMENT\",\"amount\":1,\"created_at\":\"2026-02-05T01:00:00Z\",\"version\":1}"
                        .formatted(id);
        return new ProducerRecord<>(Trial.ledger(trial.name), id, value);
    }

    private ProducerRecord<String, String> order(String id) {
        String value =
                "{\"order_id\":\"%s\",\"amount\":1,\"status\":\"PAID\",\"created_at\":\"2026-02-05T01:00:00Z\",\"version\":1}"
                        .formatted(id);
        return new ProducerRecord<>(Trial.orders(trial.name), id, value);
    }
}
