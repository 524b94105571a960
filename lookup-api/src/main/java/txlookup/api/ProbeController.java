package txlookup.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** What a platform asks a process for; without a token. */
@Controller
final class ProbeController {
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final Readiness readiness;
    private final PrometheusMeterRegistry meters;

    ProbeController(Readiness readiness, PrometheusMeterRegistry meters) {
        this.readiness = readiness;
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
                Json.bytes(new Answer(ready ? "ready" : "not_ready", notReady)));
    }

    @GetMapping("/metrics")
    void metrics(HttpServletResponse response) throws IOException {
        Replies.send(
                response,
                HttpStatus.OK.value(),
                PROMETHEUS_TEXT,
                meters.scrape().getBytes(UTF_8));
    }

    /** @param notReady what is not ready, with the reason */
    private record Answer(String status, Map<String, String> notReady) {}
}
