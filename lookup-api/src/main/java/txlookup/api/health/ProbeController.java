package txlookup.api.health;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import txlookup.api.web.Json;
import txlookup.api.web.Replies;

/** What a platform asks a process for; without a token. */
@Controller
final class ProbeController {
    private static final Logger LOG = LoggerFactory.getLogger(ProbeController.class);
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final Readiness readiness;
    private final AllStandstills standstills;
    private final PrometheusMeterRegistry meters;

    ProbeController(Readiness readiness, AllStandstills standstills, PrometheusMeterRegistry meters) {
        this.readiness = readiness;
        this.standstills = standstills;
        this.meters = meters;
    }

    /** Alive: it answers. */
    @GetMapping("/health")
    void health(HttpServletResponse response) throws IOException {
        Replies.send(response, HttpStatus.OK.value(), Json.MEDIA_TYPE, Json.bytes(Map.of("status", "alive")));
    }

    @GetMapping("/ready")
    void ready(HttpServletResponse response) throws IOException {
        Map<String, String> notReady = readiness.notReady();
        boolean ready = notReady.isEmpty();
        Replies.send(
                response,
                (ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE).value(),
                Json.MEDIA_TYPE,
                Json.bytes(new Answer(ready ? "ready" : "not_ready", notReady, ready ? late() : null)));
    }

    /** Null while nothing is late. Lookups are answered all the same. */
    private @Nullable Map<String, String> late() {
        Map<String, String> late = new LinkedHashMap<>();
        try {
            for (Standstill one : standstills.now()) {
                late.put(
                        one.topic() == null ? one.subject() : one.subject() + " of generation " + one.generation(),
                        words(one));
            }
        } catch (SQLException e) {
            LOG.warn("Stopped and late partitions cannot be read: {}", e.toString());
            late.put("coverage", "cannot be read");
        }
        return late.isEmpty() ? null : late;
    }

    /** No reason: it quotes the broker and the store, and here nobody says who asks. The console has it. */
    private static String words(Standstill one) {
        return switch (one.kind()) {
            case NO_CONSUMER -> "no consumer was heard of since " + one.since();
            case STOPPED -> "stopped since %s; the console's pipeline page says why".formatted(one.since());
            case BEHIND -> "complete up to " + one.since();
        };
    }

    @GetMapping("/metrics")
    void metrics(HttpServletResponse response) throws IOException {
        Replies.send(
                response,
                HttpStatus.OK.value(),
                PROMETHEUS_TEXT,
                meters.scrape().getBytes(UTF_8));
    }

    /**
     * @param notReady what is not ready, with the reason
     * @param late what of the data is not kept up to date, with since when; absent while all is
     */
    private record Answer(
            String status,
            Map<String, String> notReady,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Map<String, String> late) {}
}
