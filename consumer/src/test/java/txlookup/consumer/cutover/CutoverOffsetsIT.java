package txlookup.consumer.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.apply.store.generation.PartitionAnchor;
import txlookup.consumer.offsets.GapException;
import txlookup.local.testing.SharedKafka;

/** docs/architecture.md, The cutover: position anchor, time anchor, witness rule. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CutoverOffsetsIT {
    private static final Instant NOON = Instant.parse("2026-02-05T12:00:00Z");

    private final String topic = SharedKafka.newTopicName("cutover");
    private Admin admin;

    @BeforeEach
    void open() {
        SharedKafka.broker().createTopic(topic, 1, Map.of("retention.ms", "-1"));
        admin = Admin.create(Map.of("bootstrap.servers", SharedKafka.bootstrapServers()));
    }

    @AfterEach
    void close() {
        admin.close();
    }

    private void publish(int minutesAfterNoon) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", SharedKafka.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(
                            topic, 0, NOON.plusSeconds(60L * minutesAfterNoon).toEpochMilli(), "k", "v"))
                    .get();
        }
    }

    private void forgetBefore(long offset) throws Exception {
        admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(offset)))
                .all()
                .get();
    }

    private long since() {
        try (CutoverOffsets offsets = offsets()) {
            return offsets.since(List.of(topic), NOON).get(0).startOffset();
        }
    }

    private static CutoverOffsets offsets() {
        return new CutoverOffsets(Map.of("bootstrap.servers", SharedKafka.bootstrapServers()));
    }

    @Test
    void positionAnchorIsTheEndAndNamesTheTopicsId() throws Exception {
        publish(0);
        publish(1);
        try (CutoverOffsets offsets = offsets()) {
            PartitionAnchor anchor = offsets.atEnd(List.of(topic)).get(0);
            assertThat(anchor.startOffset()).isEqualTo(2);
            assertThat(anchor.topicId()).hasSize(22);
        }
    }

    @Test
    void timeAnchorIsTheFirstRecordAtOrAfterTheInstant() throws Exception {
        publish(-2);
        publish(-1);
        publish(0);
        publish(1);
        assertThat(since()).isEqualTo(2);
    }

    @Test
    void timeAnchorOfAnEmptyTopicIsItsBeginning() {
        assertThat(since()).isZero();
    }

    @Test
    void timeAnchorIsTheEndWhereNoLaterRecordIs() throws Exception {
        publish(-2);
        assertThat(since()).isEqualTo(1);
    }

    @Test
    void anOlderRecordThatSurvivedShowsThatNothingIsGone() throws Exception {
        publish(-3);
        publish(-2);
        publish(1);
        forgetBefore(1);
        assertThat(since()).isEqualTo(2);
    }

    @Test
    void refusesALogThatBeginsAfterTheInstant() throws Exception {
        publish(-3);
        publish(1);
        publish(2);
        forgetBefore(1);
        assertThatThrownBy(this::since)
                .isInstanceOf(GapException.class)
                .hasMessageContaining("GAP_DETECTED " + topic + "-0")
                .hasMessageContaining("the log begins at offset 1");
    }

    @Test
    void refusesALogThatRetentionEmptied() throws Exception {
        publish(-3);
        publish(1);
        forgetBefore(2);
        assertThatThrownBy(this::since).isInstanceOf(GapException.class).hasMessageContaining("offset 2");
    }
}
