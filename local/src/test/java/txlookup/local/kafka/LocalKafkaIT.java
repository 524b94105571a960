package txlookup.local.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.local.process.Deadline;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.TestKafka;

class LocalKafkaIT {
    private static final Duration DEFINITELY_TOO_SLOW = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private KafkaSettings settings;

    @BeforeEach
    void chooseDataFolder() {
        settings = SharedKafka.settings(folder.resolve("data"));
    }

    @AfterEach
    void killWhatStillRuns() {
        LocalKafka.find(settings).ifPresent(LocalKafka::kill);
    }

    @Test
    void keepsItsRecordsOverStopOverKillAndOverRestart() throws Exception {
        LocalKafka kafka = LocalKafka.start(settings);
        int port = kafka.port();
        kafka.createTopic("kept", 2, Map.of("retention.ms", "3600000"));
        produce(kafka, "kept", "before the kill");

        kafka.kill();

        assertThat(kafka.isRunning()).isFalse();
        kafka.restart();
        assertThat(kafka.port()).isEqualTo(port);
        assertThat(consume(kafka, "kept", 1)).containsExactly("before the kill");

        produce(kafka, "kept", "before the stop");
        kafka.stop();

        assertThat(kafka.isRunning()).isFalse();
        LocalKafka again = LocalKafka.start(settings);
        assertThat(consume(again, "kept", 2)).containsExactlyInAnyOrder("before the kill", "before the stop");
    }

    @Test
    void adoptsTheBrokerThatItsStarterForgotEvenFrozen() {
        LocalKafka forgotten = LocalKafka.start(settings);
        forgotten.createTopic("adopted", 1, Map.of());
        forgotten.freeze();

        LocalKafka adopted = LocalKafka.start(settings);

        assertThat(adopted.pid()).isEqualTo(forgotten.pid());
        assertThat(adopted.bootstrapServers()).isEqualTo(forgotten.bootstrapServers());
        assertThat(adopted.deleteTopic("adopted")).isTrue();
        adopted.stop();
        assertThat(forgotten.isRunning()).isFalse();
        assertThat(LocalKafka.find(settings)).isEmpty();
    }

    @Test
    void answersNothingWhileFrozenAndEverythingAfterwards() throws Exception {
        LocalKafka kafka = LocalKafka.start(settings);
        kafka.createTopic("frozen", 1, Map.of());
        try (KafkaProducer<String, String> producer = producer(kafka.bootstrapServers())) {
            producer.send(new ProducerRecord<>("frozen", "first")).get();
            kafka.freeze();
            Future<RecordMetadata> pending = producer.send(new ProducerRecord<>("frozen", "second"));

            assertThatThrownBy(() -> pending.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(kafka.isRunning()).isTrue();

            kafka.thaw();
            assertThat(pending.get(DEFINITELY_TOO_SLOW.toSeconds(), TimeUnit.SECONDS)
                            .offset())
                    .isEqualTo(1);
        }
    }

    @Test
    void makesATopicOnceAndInsistsOnItsNumberOfPartitions() {
        TestKafka kafka = SharedKafka.broker();
        String orders = SharedKafka.newTopicName("orders");

        kafka.createTopic(orders, 2, Map.of());
        kafka.createTopic(orders, 2, Map.of());

        assertThatThrownBy(() -> kafka.createTopic(orders, 3, Map.of()))
                .isInstanceOf(LocalEnvironmentException.class)
                .hasMessageContaining("the topic " + orders + " exists with 2 partitions, not 3");
        assertThat(kafka.deleteTopic(orders)).isTrue();
        assertThat(kafka.deleteTopic(orders)).isFalse();
        kafka.createTopic(orders, 3, Map.of());
    }

    @Test
    void makesNoTopicByItself() {
        TestKafka kafka = SharedKafka.broker();

        assertThatThrownBy(() -> produce(kafka.bootstrapServers(), "never-made", "lost"))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("never-made");
    }

    @Test
    void formatsAnewWhenAnEarlierFormatWasKilledHalfWay() throws Exception {
        Path halfDone = Files.createDirectories(folder.resolve("data.format-77/log"));
        Files.writeString(halfDone.resolve("meta.properties"), "version=1\n");

        LocalKafka kafka = LocalKafka.start(settings);

        assertThat(kafka.isRunning()).isTrue();
        assertThat(folder)
                .isDirectoryNotContaining(path -> path.getFileName().toString().contains("format"));
    }

    @Test
    void refusesThePortOfAnotherProgramInOneLine() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            KafkaSettings taken = new KafkaSettings(
                    settings.dataFolder(),
                    settings.cacheFolder(),
                    other.getLocalPort(),
                    settings.configuration(),
                    settings.logFile(),
                    settings.deadline());

            assertThatThrownBy(() -> LocalKafka.start(taken))
                    .isInstanceOf(LocalEnvironmentException.class)
                    .hasMessage("Kafka cannot listen on 127.0.0.1:" + other.getLocalPort()
                            + ": another program has that port; stop it or give Kafka another port");
        }
    }

    @Test
    void refusesTheDataOfALaterVersion() throws Exception {
        Files.createDirectories(settings.dataFolder());
        Files.writeString(settings.dataFolder().resolve("kafka-version"), "99.1.0\n");

        assertThatThrownBy(() -> LocalKafka.start(settings))
                .isInstanceOf(LocalEnvironmentException.class)
                .hasMessageContaining("was made by Kafka 99.1.0, but this is Kafka ")
                .hasMessageContaining("txlookup down --destroy");
    }

    @Test
    void leavesAFolderAloneThatHoldsSomethingElse() throws Exception {
        Files.createDirectories(settings.dataFolder());
        Path precious = Files.writeString(settings.dataFolder().resolve("thesis.txt"), "precious");

        assertThatThrownBy(() -> LocalKafka.start(settings))
                .isInstanceOf(LocalEnvironmentException.class)
                .hasMessageContaining("holds no Kafka data");

        assertThat(precious).hasContent("precious");
    }

    @Test
    void showsTheLogWhenTheBrokerDoesNotComeUp() {
        KafkaSettings wrong = new KafkaSettings(
                settings.dataFolder(),
                settings.cacheFolder(),
                0,
                Map.of("authorizer.class.name", "no.such.Authorizer"),
                settings.logFile(),
                settings.deadline());

        assertThatThrownBy(() -> LocalKafka.start(wrong))
                .isInstanceOf(LocalEnvironmentException.class)
                .hasMessageContaining("Kafka on " + settings.dataFolder() + " did not start")
                .hasMessageContaining("no.such.Authorizer");
    }

    private static void produce(LocalKafka kafka, String topic, String value) throws Exception {
        produce(kafka.bootstrapServers(), topic, value);
    }

    private static void produce(String bootstrapServers, String topic, String value) throws Exception {
        try (KafkaProducer<String, String> producer = producer(bootstrapServers)) {
            producer.send(new ProducerRecord<>(topic, value)).get();
        }
    }

    private static KafkaProducer<String, String> producer(String bootstrapServers) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrapServers);
        properties.put("max.block.ms", 2000);
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    private static List<String> consume(LocalKafka kafka, String topic, int count) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        properties.put("auto.offset.reset", "earliest");
        properties.put("group.id", SharedKafka.newTopicName("group"));
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            Deadline.after(DEFINITELY_TOO_SLOW).await(() -> {
                for (ConsumerRecord<String, String> found : consumer.poll(Duration.ofMillis(100))) {
                    values.add(found.value());
                }
                return values.size() >= count;
            });
        }
        return values;
    }
}
