package txlookup.cli.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import txlookup.api.LookupApi;
import txlookup.api.config.ApiTelemetry;
import txlookup.api.config.Authentication;
import txlookup.api.config.LookupApiSettings;
import txlookup.apply.generation.Watch;
import txlookup.apply.model.Entity;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.consumer.ConsumerProcess;
import txlookup.consumer.cutover.CutoverOffsets;
import txlookup.consumer.worker.SubscriptionSettings;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.profiles.Profile;
import txlookup.profiles.ProfileLoader;
import txlookup.profiles.events.EventProfiles;

/** Consumer and API on a real PostgreSQL and a real Kafka, with telemetry as a profile's settings give it. */
final class TracedServices implements AutoCloseable {
    private static final long GENERATION = 20260205010000L;

    private final String ledger = SharedKafka.newTopicName("ledger");
    private final TestDatabase database = SharedPostgres.newDatabase();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Telemetry ofConsumer;
    private final Telemetry ofApi;
    private final ConsumerProcess consumer;
    private final Thread consuming;
    private final LookupApi api;

    TracedServices(Map<String, String> settings, Map<String, String> environment) throws Exception {
        Profile profile = new ProfileLoader(Path.of(""), Map.of()).load("local", settings);
        SharedKafka.broker().createTopic(ledger, 1, Map.of());
        try (HikariDataSource store = pool()) {
            anchor(store);
        }
        ofConsumer = Telemetry.start("txlookup-consumer", false, profile, environment);
        ofApi = Telemetry.start("txlookup-api", true, profile, environment);
        consumer = new ConsumerProcess(
                consumerSettings(),
                EventProfiles.load("canonical-v1"),
                pool(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Watch.usual(),
                ofConsumer.traces(),
                ofConsumer.exported());
        consuming = new Thread(consumer::run, "consumer");
        consuming.start();
        api = LookupApi.start(
                new LookupApiSettings(
                        "local",
                        LookupApiSettings.Http.on("127.0.0.1", 0),
                        LookupApiSettings.Database.at(
                                database.jdbcUrl(), database.user(), Optional.of(database.password())),
                        new Authentication.Disabled(),
                        LookupApiSettings.Audit.DEFAULT,
                        LookupApiSettings.Limits.NONE,
                        Optional.empty()),
                new ApiTelemetry(ofApi.traces(), ofApi.exported()));
    }

    private void anchor(HikariDataSource store) throws Exception {
        Migrations.toHead(store, GENERATION);
        GenerationRegistry registry = new GenerationRegistry(store);
        registry.plan(
                new Generation(GENERATION, "test", "kim", "group", "canonical-v1", Instant.now(), State.PLANNED, null));
        try (CutoverOffsets offsets = new CutoverOffsets(broker())) {
            registry.anchor(GENERATION, offsets.atEnd(List.of(ledger)), Instant.now());
        }
        Served.serve(store, GENERATION);
    }

    private SubscriptionSettings consumerSettings() {
        Map<String, Object> kafka = broker();
        kafka.put("auto.offset.reset", "none");
        kafka.put("enable.auto.commit", "false");
        return new SubscriptionSettings(
                GENERATION,
                "group-" + ledger,
                "bo-sync-test-kim",
                Map.of(ledger, Entity.LEDGER_ENTRY),
                kafka,
                "test",
                50,
                1 << 20,
                Duration.ZERO,
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                1,
                3);
    }

    private HikariDataSource pool() {
        return StoreConnections.generation(
                GENERATION,
                database.jdbcUrl(),
                database.user(),
                database.password(),
                4,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30));
    }

    private static Map<String, Object> broker() {
        return new HashMap<>(Map.of("bootstrap.servers", SharedKafka.bootstrapServers()));
    }

    String topic() {
        return ledger;
    }

    /** @param traceParent the record's header; empty for none */
    void publish(String txId, Optional<String> traceParent) throws Exception {
        send(
                "{\"tx_id\":\"%s\",\"wallet_id\":\"w\",\"entry_type\":\"PAYMENT\",\"amount\":\"1\",\"event_time\":\"2026-02-05T01:00:00Z\",\"version\":1}"
                        .formatted(txId),
                traceParent);
    }

    void publishRubbish() throws Exception {
        send("{bad", Optional.empty());
    }

    private void send(String value, Optional<String> traceParent) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(broker(), new StringSerializer(), new StringSerializer())) {
            ProducerRecord<String, String> record = new ProducerRecord<>(ledger, value);
            traceParent.ifPresent(header -> record.headers().add("traceparent", header.getBytes(UTF_8)));
            producer.send(record).get();
        }
    }

    int lookUp(String txId, Optional<String> traceParent) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/admin/tx/%s".formatted(api.port(), txId)));
        traceParent.ifPresent(header -> request.header("traceparent", header));
        return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    void awaitVisible(String txId) throws Exception {
        while (lookUp(txId, Optional.empty()) != 200) {
            Thread.sleep(20);
        }
    }

    /** Ends the services and then their telemetry, which sends what is left. */
    @Override
    public void close() {
        api.close();
        consumer.close();
        try {
            consuming.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ofApi.close();
        ofConsumer.close();
    }
}
