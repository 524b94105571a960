package txlookup.consumer.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A span for each applied batch, in the trace of the first sampled record and linked to the others' (their header
 * {@code traceparent}, W3C Trace Context). A batch of records that their producers did not sample is not sampled either;
 * one that names no trace is sampled like any beginning of one. Switched off, no header is looked at.
 */
public final class BatchTracing {
    /** Links of one span; a batch may hold thousands of traces. */
    static final int MOST_LINKS = 32;

    private static final TextMapGetter<Headers> FROM_HEADERS = new FromHeaders();

    private final boolean on;
    private final Tracer tracer;
    private final String group;

    public BatchTracing(OpenTelemetry telemetry, String group) {
        this.on = telemetry != OpenTelemetry.noop();
        this.tracer = telemetry.getTracer("txlookup.consumer");
        this.group = group;
    }

    /** Makes the span of each commit. */
    public Tracer tracer() {
        return tracer;
    }

    /** The span is current in this thread until it is closed. */
    public TracedBatch begin(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        if (!on || records.isEmpty()) {
            return TracedBatch.NONE;
        }
        SpanContext parent = SpanContext.getInvalid();
        Set<SpanContext> sampled = new LinkedHashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            SpanContext context = contextOf(record);
            if (context.isValid() && (!parent.isValid() || (context.isSampled() && !parent.isSampled()))) {
                parent = context;
            }
            if (context.isSampled() && sampled.size() < MOST_LINKS) {
                sampled.add(context);
            }
        }
        SpanBuilder span = tracer.spanBuilder("apply " + partition.topic())
                .setSpanKind(SpanKind.CONSUMER)
                .setParent(Context.root().with(Span.wrap(parent)))
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.operation.type", "process")
                .setAttribute("messaging.destination.name", partition.topic())
                .setAttribute("messaging.destination.partition.id", Integer.toString(partition.partition()))
                .setAttribute("messaging.consumer.group.name", group)
                .setAttribute("messaging.kafka.offset", records.get(0).offset())
                .setAttribute("messaging.batch.message_count", records.size());
        sampled.forEach(span::addLink);
        return TracedBatch.current(span.startSpan());
    }

    private static SpanContext contextOf(ConsumerRecord<byte[], byte[]> record) {
        if (record.headers().lastHeader(FromHeaders.TRACE_PARENT) == null) {
            return SpanContext.getInvalid();
        }
        return Span.fromContext(
                        W3CTraceContextPropagator.getInstance().extract(Context.root(), record.headers(), FROM_HEADERS))
                .getSpanContext();
    }

    private static final class FromHeaders implements TextMapGetter<Headers> {
        private static final String TRACE_PARENT = "traceparent";

        @Override
        public Iterable<String> keys(Headers headers) {
            return List.of(TRACE_PARENT);
        }

        @Override
        public @Nullable String get(@Nullable Headers headers, String key) {
            Header header = headers == null ? null : headers.lastHeader(key);
            return header == null || header.value() == null
                    ? null
                    : new String(header.value(), StandardCharsets.US_ASCII);
        }
    }
}
