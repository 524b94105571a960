package txlookup.gate.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.apply.model.Marker;
import txlookup.gate.model.Observation;
import txlookup.gate.model.SloFile;
import txlookup.gate.observe.canary.ApiMarkers;
import txlookup.gate.observe.canary.CanaryMarkers;
import txlookup.gate.observe.record.Recorder;
import txlookup.gate.observe.record.ServiceHttp;
import txlookup.local.testing.SharedKafka;

/** A marker is one in every generation that takes events: elsewhere it would become a dead letter. */
@Timeout(60)
class MarkersOfAllIT {
    private static final long JUDGED = 20261121020000L;
    private static final long SERVING = 20261121010000L;

    @Test
    void aMarkerHoldsTheNonceOfEachGenerationThatTakesEvents() throws Exception {
        String topic = "markers-" + UUID.randomUUID();
        Map<String, Object> broker = Map.of("bootstrap.servers", SharedKafka.bootstrapServers());
        try (var admin = org.apache.kafka.clients.admin.Admin.create(broker)) {
            admin.createTopics(List.of(new org.apache.kafka.clients.admin.NewTopic(topic, 1, (short) 1)))
                    .all()
                    .get();
        }
        CanaryMarkers canary = new CanaryMarkers(
                broker,
                List.of(topic),
                new ApiMarkers(
                        URI.create("http://127.0.0.1:1"),
                        new ServiceHttp(Optional::empty),
                        JUDGED,
                        List.of(SERVING, JUDGED)),
                Duration.ofMillis(100),
                Duration.ofSeconds(1));
        canary.begin(new Recorder(
                new Observation.Environment("test", JUDGED, List.of(topic)), SloFile.shipped(), Instant.now()));
        try {
            assertThat(nonces(broker, topic)).containsExactlyInAnyOrder(Long.toString(JUDGED), Long.toString(SERVING));
        } finally {
            canary.close();
        }
    }

    private static List<String> nonces(Map<String, Object> broker, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(broker, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition only = new TopicPartition(topic, 0);
            consumer.assign(List.of(only));
            consumer.seekToBeginning(List.of(only));
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    return StreamSupport.stream(
                                    record.headers().headers(Marker.HEADER).spliterator(), false)
                            .map(header -> new String(header.value(), java.nio.charset.StandardCharsets.UTF_8))
                            .toList();
                }
            }
        }
    }
}
