package txlookup.consumer.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class BatchTracingTest {
    private static final TopicPartition PARTITION = new TopicPartition("ledger", 1);
    private static final String SPAN = "00f067aa0ba902b7";

    private final InMemorySpanExporter exported = InMemorySpanExporter.create();

    private BatchTracing tracing(double ratio) {
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(ratio)))
                .addSpanProcessor(SimpleSpanProcessor.create(exported))
                .build();
        return new BatchTracing(
                OpenTelemetrySdk.builder().setTracerProvider(provider).build(), "group");
    }

    private static String trace(int n) {
        return "%032x".formatted(n);
    }

    private static String parent(int n, boolean sampled) {
        return "00-%s-%s-%s".formatted(trace(n), SPAN, sampled ? "01" : "00");
    }

    private static ConsumerRecord<byte[], byte[]> record(String... traceParents) {
        RecordHeaders headers = new RecordHeaders();
        for (String traceParent : traceParents) {
            headers.add("traceparent", traceParent.getBytes(UTF_8));
        }
        return record(headers);
    }

    private static ConsumerRecord<byte[], byte[]> record(RecordHeaders headers) {
        return new ConsumerRecord<>(
                "ledger", 1, 7, 0, TimestampType.CREATE_TIME, 0, 0, null, new byte[0], headers, Optional.empty());
    }

    private List<SpanData> applied(BatchTracing tracing, List<ConsumerRecord<byte[], byte[]>> records) {
        tracing.begin(PARTITION, records).close();
        return exported.getFinishedSpanItems();
    }

    @Test
    void aBatchIsInTheTraceOfItsFirstSampledRecordAndLinkedToAll() {
        List<SpanData> spans = applied(
                tracing(0),
                List.of(
                        record(),
                        record(parent(1, false)),
                        record(parent(2, true)),
                        record(parent(3, true)),
                        record(parent(2, true))));

        assertThat(spans).singleElement().satisfies(span -> {
            assertThat(span.getTraceId()).isEqualTo(trace(2));
            assertThat(span.getParentSpanId()).isEqualTo(SPAN);
            assertThat(span.getLinks())
                    .extracting(LinkData::getSpanContext)
                    .extracting(context -> context.getTraceId())
                    .containsExactly(trace(2), trace(3));
        });
    }

    @Test
    void linksAreBounded() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        IntStream.rangeClosed(1, 100).forEach(n -> records.add(record(parent(n, true))));

        assertThat(applied(tracing(0), records)).singleElement().satisfies(span -> assertThat(span.getLinks())
                .hasSize(BatchTracing.MOST_LINKS));
    }

    @Test
    void whatItsProducerDidNotSampleIsNotSampledHere() {
        assertThat(applied(tracing(1), List.of(record(parent(1, false))))).isEmpty();
    }

    @Test
    void whatNamesNoTraceBeginsOneAsOftenAsTheRatioSays() {
        assertThat(applied(tracing(0), List.of(record()))).isEmpty();
        assertThat(applied(tracing(1), List.of(record(), record("rubbish"))))
                .singleElement()
                .satisfies(span ->
                        assertThat(span.getParentSpanContext().isValid()).isFalse());
    }

    @Test
    void theLatestOfSeveralHeadersCounts() {
        assertThat(applied(tracing(0), List.of(record(parent(1, true), parent(2, true)))))
                .extracting(SpanData::getTraceId)
                .containsExactly(trace(2));
    }

    @Test
    void theSpanIsCurrentUntilItEnds() {
        try (TracedBatch batch = tracing(1).begin(PARTITION, List.of(record()))) {
            assertThat(Span.current().getSpanContext().isSampled()).isTrue();
            batch.failed(new SQLException("holds w-1"));
        }

        assertThat(Span.current()).isSameAs(Span.getInvalid());
        assertThat(exported.getFinishedSpanItems().toString())
                .contains("SQLException")
                .doesNotContain("w-1");
    }

    @Test
    void switchedOffNoHeaderIsLookedAt() {
        RecordHeaders untouchable = new RecordHeaders() {
            @Override
            public Header lastHeader(String key) {
                throw new AssertionError("looked at");
            }
        };

        assertThat(new BatchTracing(OpenTelemetry.noop(), "group").begin(PARTITION, List.of(record(untouchable))))
                .isSameAs(TracedBatch.NONE);
    }
}
