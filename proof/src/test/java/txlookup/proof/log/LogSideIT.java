package txlookup.proof.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.apply.model.Entity;
import txlookup.backfill.source.Input;
import txlookup.local.testing.SharedKafka;
import txlookup.proof.CountedScans;
import txlookup.proof.ProofFixture;
import txlookup.proof.Verification;
import txlookup.proof.compare.Difference;
import txlookup.proof.compare.Difference.Kind;
import txlookup.proof.compare.Findings;
import txlookup.proof.compare.TableReport;
import txlookup.proof.compare.VerificationSettings;
import txlookup.proof.compare.Window;
import txlookup.proof.completeness.LogSpan;
import txlookup.proof.store.CoverageRows;
import txlookup.traffic.Event;
import txlookup.traffic.Payments;

/** The log, folded from the anchor, against a store that a backfill and a stream have filled. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LogSideIT {
    @TempDir
    private Path folder;

    @Test
    void whatTheLogSaysIsFoundInTheStoreAndWhatIsNotInTheLogIsNotJudged() throws Exception {
        String topic = SharedKafka.newTopicName("orders");
        SharedKafka.broker().createTopic(topic, 1, Map.of());
        List<Input> inputs = ProofFixture.extract(500, folder);
        List<byte[]> events = new ArrayList<>();
        Payments world = new Payments(7, ProofFixture.CUTOVER, 500);
        for (long n = 500; n < 800; n++) {
            for (Event event : world.history(n)) {
                if (event.kind() == Event.Kind.PAYMENT_ORDER) {
                    events.add(event.value());
                }
            }
        }
        publish(topic, events);
        try (ProofFixture fixture = new ProofFixture();
                Log log = new Log(Map.of("bootstrap.servers", SharedKafka.bootstrapServers()))) {
            fixture.load(inputs);
            fixture.apply(fixture.claim(topic), Entity.PAYMENT_ORDER, ProofFixture.CUTOVER, events);
            fixture.execute("DELETE FROM payment_order WHERE order_id IN ('%s', '%s')"
                    .formatted(Payments.orderId(3), Payments.orderId(600)));
            fixture.execute(
                    "UPDATE payment_order SET status = 'PAID' WHERE order_id = '%s'".formatted(Payments.orderId(700)));
            List<LogSpan> spans = log.spans(List.of(topic));
            assertThat(spans).extracting(LogSpan::begin, LogSpan::end).containsExactly(tuple(0L, 600L));
            LogSide side = new LogSide(
                    Map.of("bootstrap.servers", SharedKafka.bootstrapServers()),
                    Map.of(topic, Entity.PAYMENT_ORDER),
                    spans,
                    "bo-sync-test-kim",
                    new CoverageRows(fixture.connections).read(),
                    ProofFixture::decoder,
                    Instant.now());

            Findings findings = new Verification(
                            side, fixture.storeSide, new VerificationSettings(14, 1_000, 1_000, Duration.ZERO))
                    .run(new Window(null, Instant.now()));

            assertThat(findings.differences())
                    .extracting(Difference::key, Difference::kind)
                    .containsExactly(
                            tuple(Payments.orderId(600), Kind.MISSING), tuple(Payments.orderId(700), Kind.FIELD));
            assertThat(findings.tables()).singleElement().returns(600L, TableReport::sourceRows);
        }
    }

    @Test
    void aLogWithManyVersionsOfEachKeyIsReadOnceAndOnceMoreForWhatDiffers() throws Exception {
        int keys = 500;
        String topic = SharedKafka.newTopicName("orders");
        SharedKafka.broker().createTopic(topic, 1, Map.of());
        List<byte[]> events = new ArrayList<>();
        for (int version = 1; version <= 10; version++) {
            for (int key = 0; key < keys; key++) {
                events.add("""
                        {"order_id":"po-%d","amount":"1.00","status":"PAID","created_at":"2026-02-05T00:00:00Z","version":%d}""".formatted(key, version).getBytes(StandardCharsets.UTF_8));
            }
        }
        publish(topic, events);
        try (ProofFixture fixture = new ProofFixture();
                Log log = new Log(Map.of("bootstrap.servers", SharedKafka.bootstrapServers()))) {
            fixture.apply(fixture.claim(topic), Entity.PAYMENT_ORDER, ProofFixture.CUTOVER, events);
            fixture.execute("DELETE FROM payment_order WHERE order_id = 'po-7'");
            LogSide side = new LogSide(
                    Map.of("bootstrap.servers", SharedKafka.bootstrapServers()),
                    Map.of(topic, Entity.PAYMENT_ORDER),
                    log.spans(List.of(topic)),
                    "bo-sync-test-kim",
                    new CoverageRows(fixture.connections).read(),
                    ProofFixture::decoder,
                    Instant.now());
            CountedScans unfolded = new CountedScans(side, false);
            CountedScans folded = new CountedScans(side, true);
            // Room for a tenth of the rows, as there is with 5 million of them.
            VerificationSettings settings = new VerificationSettings(14, 500, 1_000, Duration.ZERO);
            Window window = new Window(null, Instant.now());

            Findings before = new Verification(unfolded, fixture.storeSide, settings).run(window);
            Findings now = new Verification(folded, fixture.storeSide, settings).run(window);

            System.out.printf(
                    "10 versions of %d keys: %d readings of the log unfolded, %d folded%n",
                    keys, unfolded.scans(), folded.scans());
            assertThat(folded.scans()).isEqualTo(2);
            assertThat(unfolded.scans()).isGreaterThan(8);
            assertThat(now.differences())
                    .extracting(Difference::key, Difference::kind)
                    .containsExactly(tuple("po-7", Kind.MISSING));
            assertThat(before.differences()).hasSize(1);
            assertThat(now.tables()).singleElement().returns(1, TableReport::differingBuckets);
        }
    }

    private static void publish(String topic, List<byte[]> events) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", SharedKafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (byte[] event : events) {
                var unused = producer.send(new ProducerRecord<>(topic, 0, "k".getBytes(StandardCharsets.UTF_8), event));
            }
            producer.flush();
        }
    }
}
