package txlookup.api.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.HandlerMapping;
import txlookup.api.web.CorrelationId;
import txlookup.api.web.Problem;
import txlookup.api.web.Replies;

/** What is around every request: headers of the answer, correlation in the log, one line and one measurement. */
public final class RequestLoggingFilter extends HttpFilter {
    public static final String CORRELATION_ID = "correlation_id";
    static final String TRACE_ID = "trace_id";

    private static final Logger LOG = LoggerFactory.getLogger(RequestLoggingFilter.class);
    private static final String LOOKUPS = "/admin/";
    private static final Set<Integer> OF_STRANGERS =
            Set.of(HttpStatus.UNAUTHORIZED.value(), HttpStatus.TOO_MANY_REQUESTS.value());
    private static final Duration[] BUCKETS = Stream.of(
                    5, 10, 25, 50, 75, 100, 150, 200, 250, 500, 1_000, 2_500, 5_000, 10_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final transient MeterRegistry meters;
    private final transient Map<Kind, Timer> timers = new ConcurrentHashMap<>();
    private final transient RequestTracing tracing;

    private record Kind(String route, int status) {}

    public RequestLoggingFilter(MeterRegistry meters, RequestTracing tracing) {
        this.meters = meters;
        this.tracing = tracing;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        long started = System.nanoTime();
        MDC.put(CORRELATION_ID, CorrelationId.of(request));
        RequestTracing.Traced traced = tracing.request(request);
        traced.traceId()
                .or(() ->
                        TraceParent.parse(request.getHeader(TraceParent.HEADER)).map(TraceParent::traceId))
                .ifPresent(trace -> MDC.put(TRACE_ID, trace));
        AnswerHeaders.set(request, response);
        try {
            Optional<Problem> refusal = RequestLimits.refuse(request);
            if (refusal.isPresent()) {
                Replies.send(response, refusal.get());
            } else {
                chain.doFilter(request, response);
            }
        } finally {
            Duration duration = Duration.ofNanos(System.nanoTime() - started);
            String route = route(request);
            record(request, route, response.getStatus(), duration);
            traced.answered(request.getMethod(), route, response.getStatus());
            MDC.remove(CORRELATION_ID);
            MDC.remove(TRACE_ID);
        }
    }

    private Timer timer(Kind kind) {
        return Timer.builder("txlookup.api.request")
                .description("Time from a request's arrival to its answer")
                .tags("route", kind.route(), "status", Integer.toString(kind.status()))
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }

    /** The route and never the path: ids are neither for the log nor for a label. */
    private static String route(HttpServletRequest request) {
        return request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) instanceof String pattern
                ? pattern
                : "unmatched";
    }

    private void record(HttpServletRequest request, String route, int status, Duration duration) {
        timers.computeIfAbsent(new Kind(route, status), this::timer).record(duration);
        if (route.startsWith(LOOKUPS)) {
            // Strangers cause these as often as they like; the metric counts them.
            Level level = OF_STRANGERS.contains(status) ? Level.DEBUG : Level.INFO;
            LOG.atLevel(level).log("{} {} {} in {} ms", request.getMethod(), route, status, duration.toMillis());
        }
    }
}
