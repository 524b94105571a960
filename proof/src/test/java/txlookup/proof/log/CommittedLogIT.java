package txlookup.proof.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.apply.store.position.Source;
import txlookup.apply.store.position.SourceCounts;
import txlookup.local.testing.SharedKafka;
import txlookup.proof.completeness.CompletenessProof;
import txlookup.proof.completeness.CoverageResult;
import txlookup.proof.completeness.CoverageRow;
import txlookup.proof.completeness.LogSpan;

/** A real log tells which offsets hold no record. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CommittedLogIT {
    private static final Map<String, Object> BROKER = Map.of("bootstrap.servers", SharedKafka.bootstrapServers());

    private final String topic = SharedKafka.newTopicName("proof");

    @Test
    void marksOfTransactionsAndWhatWasGivenUpAreNoRecords() {
        publish();
        CommittedLog log = new CommittedLog(BROKER);

        // 0-4 and a mark at 5, 6-12 given up and a mark at 13, 14-16 and a mark at 17.
        assertThat(log.count(topic, 0, 0, 18)).isEqualTo(8);
        assertThat(log.count(topic, 0, 2, 10)).isEqualTo(3);
        assertThat(log.count(topic, 0, 2, 18)).isEqualTo(6);
        assertThat(log.count(topic, 0, 5, 14)).isZero();
        assertThat(log.count(topic, 0, 18, 18)).isZero();
        assertThat(log.end(topic, 0)).isEqualTo(18);
    }

    @Test
    void aPartitionOfTransactionsIsProvedUnlessARecordIsMissing() {
        publish();
        try (Log ends = new Log(BROKER)) {
            List<LogSpan> spans = ends.spans(List.of(topic));
            assertThat(spans).extracting(LogSpan::end).containsExactly(18L);

            assertThat(proof(spans, 8)).returns(CoverageResult.State.PROVED, CoverageResult::state);
            assertThat(proof(spans, 7))
                    .returns(CoverageResult.State.NOT_PROVED, CoverageResult::state)
                    .extracting(CoverageResult::detail)
                    .asString()
                    .contains("1 records in 0..18 are in the log and were not accounted for");
        }
    }

    private CoverageResult proof(List<LogSpan> spans, long consumed) {
        Source source = new Source(Source.Kind.STREAM, topic, 0);
        SourceCounts counts = new SourceCounts(consumed, consumed, 0, 0, 0, 0);
        CoverageRow row = new CoverageRow(source, null, 0, 18, false, counts, 0, 0, 0, 0);
        return CompletenessProof.of(1, spans, List.of(row), new CommittedLog(BROKER))
                .findings()
                .get(0);
    }

    private void publish() {
        SharedKafka.broker().createTopic(topic, 1, Map.of());
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", SharedKafka.bootstrapServers(), "transactional.id", topic),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            transaction(producer, 5, true);
            transaction(producer, 7, false);
            transaction(producer, 3, true);
        }
    }

    private void transaction(KafkaProducer<byte[], byte[]> producer, int records, boolean commits) {
        producer.beginTransaction();
        for (int i = 0; i < records; i++) {
            var unused = producer.send(new ProducerRecord<>(topic, 0, null, "x".getBytes(StandardCharsets.UTF_8)));
        }
        producer.flush();
        if (commits) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }
}
