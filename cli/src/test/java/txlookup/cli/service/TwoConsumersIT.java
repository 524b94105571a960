package txlookup.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.api.LookupApi;
import txlookup.api.config.Authentication;
import txlookup.api.config.LookupApiSettings;
import txlookup.apply.model.Entity;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.position.StoreStats;
import txlookup.consumer.ConsumerProcess;
import txlookup.consumer.cutover.CutoverOffsets;
import txlookup.consumer.worker.SubscriptionSettings;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.profiles.events.EventProfiles;

/**
 * docs/contract.md, Pairing: the two entries of a payment come in any order, on different partitions, to different
 * consumers, and the status is right under every interleaving, in every endpoint.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class TwoConsumersIT {
    private static final long GENERATION = 20260205010000L;
    private static final long SEED = 20261121;
    private static final int PAYMENTS = 400;

    private final String ledger = SharedKafka.newTopicName("ledger");
    private final String orders = SharedKafka.newTopicName("orders");
    private final TestDatabase database = SharedPostgres.newDatabase();
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void bothEntriesOfAPaymentPairWhicheverConsumerAppliesThem() throws Exception {
        SharedKafka.broker().createTopic(ledger, 4, Map.of());
        SharedKafka.broker().createTopic(orders, 2, Map.of());
        try (HikariDataSource store = pool()) {
            anchor(store);
            try (ConsumerProcess first = consumer("first");
                    ConsumerProcess second = consumer("second");
                    LookupApi api = LookupApi.start(new LookupApiSettings(
                            "local",
                            LookupApiSettings.Http.on("127.0.0.1", 0),
                            LookupApiSettings.Database.at(
                                    database.jdbcUrl(), database.user(), Optional.of(database.password())),
                            new Authentication.Disabled(),
                            LookupApiSettings.Audit.DEFAULT,
                            LookupApiSettings.Limits.NONE,
                            Optional.empty()))) {
                CompletableFuture<Void> running = CompletableFuture.allOf(inThread(first), inThread(second));
                int published = publish();
                StoreStats contents = new StoreStats(store);
                while (consumed(contents) < published) {
                    assertThat(running.isCompletedExceptionally()).isFalse();
                    Thread.sleep(50);
                }
                assertThat(contents.openDeadLetters()).isZero();
                for (int n = 0; n < PAYMENTS; n++) {
                    assertPaired(api.port(), n);
                }
            }
        }
    }

    /** A thread of its own: on two processors the common pool has room for one task only. */
    private static CompletableFuture<Void> inThread(ConsumerProcess consumer) {
        return CompletableFuture.runAsync(consumer::run, task -> new Thread(task, "consumer").start());
    }

    private void assertPaired(int port, int n) throws Exception {
        boolean complete = n % 10 != 0;
        String wanted = "\"pairing_status\":\"" + (complete ? "COMPLETE" : "INCOMPLETE") + "\"";
        assertThat(get(port, "/admin/tx/p-" + n)).as("seed %d", SEED).contains(wanted);
        assertThat(get(port, "/admin/payment-orders/po-" + n))
                .as("seed %d", SEED)
                .contains(wanted);
        assertThat(get(port, "/admin/wallets/payer-" + n + "/tx"))
                .as("seed %d", SEED)
                .contains(wanted);
        if (complete) {
            assertThat(get(port, "/admin/tx/r-" + n))
                    .contains(wanted, "\"paired_tx_id\":\"p-" + n, "\"sender_wallet_id\":\"payer-" + n);
        }
    }

    private String get(int port, String path) throws Exception {
        URI address = URI.create("http://127.0.0.1:" + port + path);
        return http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private int publish() throws Exception {
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        Random random = new Random(SEED);
        for (int n = 0; n < PAYMENTS; n++) {
            records.add(
                    new ProducerRecord<>(ledger, random.nextInt(4), null, entry("p-" + n, "payer-" + n, "PAYMENT", n)));
            if (n % 10 != 0) {
                records.add(new ProducerRecord<>(
                        ledger, random.nextInt(4), null, entry("r-" + n, "payee-" + n, "RECEIVE", n)));
            }
            records.add(new ProducerRecord<>(
                    orders,
                    random.nextInt(2),
                    null,
                    "{\"order_id\":\"po-%d\",\"amount\":\"1\",\"status\":\"PAID\",\"created_at\":\"2026-02-05T01:00:00Z\",\"version\":1}"
                            .formatted(n)));
        }
        Collections.shuffle(records, random);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(broker(), new StringSerializer(), new StringSerializer())) {
            for (ProducerRecord<String, String> record : records) {
                producer.send(record).get();
            }
        }
        return records.size();
    }

    private static String entry(String txId, String wallet, String type, int n) {
        // Half of the entries leave related_type to the order's existence.
        String relatedType = n % 2 == 0 ? "\"related_type\":\"PAYMENT_ORDER\"," : "";
        return "{\"tx_id\":\"%s\",\"wallet_id\":\"%s\",\"entry_type\":\"%s\",\"amount\":\"1\",\"related_id\":\"po-%d\",%s\"event_time\":\"2026-02-05T01:00:00Z\",\"version\":1}"
                .formatted(txId, wallet, type, n, relatedType);
    }

    private static long consumed(StoreStats contents) throws Exception {
        return contents.stream().stream()
                .mapToLong(partition -> partition.counts().consumed())
                .sum();
    }

    private void anchor(HikariDataSource store) throws Exception {
        Migrations.toHead(store, GENERATION);
        GenerationRegistry registry = new GenerationRegistry(store);
        registry.plan(
                new Generation(GENERATION, "test", "kim", "group", "canonical-v1", Instant.now(), State.PLANNED, null));
        try (CutoverOffsets offsets = new CutoverOffsets(broker())) {
            registry.anchor(GENERATION, offsets.atEnd(List.of(ledger, orders)), Instant.now());
        }
        Served.serve(store, GENERATION);
    }

    private ConsumerProcess consumer(String name) throws Exception {
        Map<String, Object> kafka = broker();
        kafka.put("auto.offset.reset", "none");
        kafka.put("enable.auto.commit", "false");
        SubscriptionSettings settings = new SubscriptionSettings(
                GENERATION,
                "group-" + ledger,
                "bo-sync-test-kim",
                Map.of(ledger, Entity.LEDGER_ENTRY, orders, Entity.PAYMENT_ORDER),
                kafka,
                name,
                50,
                1 << 20,
                Duration.ZERO,
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                0.2,
                3);
        return new ConsumerProcess(
                settings,
                EventProfiles.load("canonical-v1"),
                pool(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private HikariDataSource pool() {
        return StoreConnections.generation(
                GENERATION,
                database.jdbcUrl(),
                database.user(),
                database.password(),
                8,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30));
    }

    private static Map<String, Object> broker() {
        return new HashMap<>(Map.of("bootstrap.servers", SharedKafka.bootstrapServers()));
    }
}
