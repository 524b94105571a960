package txlookup.api.server;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import txlookup.api.config.ApiTelemetry;

/**
 * Spans of requests and of what they do, in the trace that the request's {@code traceparent} names (docs/contract.md,
 * Lookup API). Switched off, it does nothing.
 */
@Component
public final class RequestTracing {
    private static final int SERVER_ERROR = 500;
    private static final TextMapGetter<HttpServletRequest> FROM_HEADERS = new FromHeaders();

    private final boolean on;
    private final Tracer tracer;

    RequestTracing(ApiTelemetry telemetry) {
        this.on = telemetry.traces() != OpenTelemetry.noop();
        this.tracer = telemetry.traces().getTracer("txlookup.api");
    }

    /** What a span is made around. */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T run() throws E;
    }

    /** A request's span; current in this thread until it is answered. */
    static final class Traced {
        private static final Traced NOT = new Traced(Span.getInvalid(), Scope.noop());

        private final Span span;
        private final Scope scope;

        private Traced(Span span, Scope scope) {
            this.span = span;
            this.scope = scope;
        }

        /** For the log: the trace that this is a part of; empty where nothing is traced. */
        Optional<String> traceId() {
            return span.getSpanContext().isValid()
                    ? Optional.of(span.getSpanContext().getTraceId())
                    : Optional.empty();
        }

        /** The route and never the path: ids are no names of spans either. */
        void answered(String method, String route, int status) {
            if (this == NOT) {
                return;
            }
            span.updateName(method + " " + route);
            span.setAttribute("http.route", route);
            span.setAttribute("http.response.status_code", status);
            if (status >= SERVER_ERROR) {
                span.setStatus(StatusCode.ERROR);
            }
            scope.close();
            span.end();
        }
    }

    @SuppressWarnings("MustBeClosed") // once it is answered
    Traced request(HttpServletRequest request) {
        if (!on) {
            return Traced.NOT;
        }
        Context caller = W3CTraceContextPropagator.getInstance().extract(Context.root(), request, FROM_HEADERS);
        Span span = tracer.spanBuilder(request.getMethod())
                .setSpanKind(SpanKind.SERVER)
                .setParent(caller)
                .setAttribute("http.request.method", request.getMethod())
                .startSpan();
        return new Traced(span, span.makeCurrent());
    }

    /** A span of that name around the work, a child of the request's. */
    @SuppressWarnings("MustBeClosed") // in the end; as a resource javac finds it unused
    public <T, E extends Exception> T during(String name, Work<T, E> work) throws E {
        if (!on) {
            return work.run();
        }
        Span span = tracer.spanBuilder(name)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute("db.system.name", "postgresql")
                .startSpan();
        Scope scope = span.makeCurrent();
        boolean done = false;
        try {
            T result = work.run();
            done = true;
            return result;
        } finally {
            if (!done) {
                span.setStatus(StatusCode.ERROR);
            }
            scope.close();
            span.end();
        }
    }

    private static final class FromHeaders implements TextMapGetter<HttpServletRequest> {
        @Override
        public Iterable<String> keys(HttpServletRequest request) {
            return Collections.list(request.getHeaderNames());
        }

        @Override
        public @Nullable String get(@Nullable HttpServletRequest request, String key) {
            return request == null ? null : request.getHeader(key);
        }
    }
}
