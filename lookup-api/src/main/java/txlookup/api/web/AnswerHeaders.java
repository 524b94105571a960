package txlookup.api.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import txlookup.api.freshness.Freshness;
import txlookup.api.generation.GenerationStore;
import txlookup.api.generation.Generations;

/** Headers of every answer, whoever gives it. */
public final class AnswerHeaders {
    private AnswerHeaders() {}

    static void set(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader(CorrelationId.HEADER, CorrelationId.of(request));
        TraceParent.parse(request.getHeader(TraceParent.HEADER))
                .ifPresent(trace -> response.setHeader(TraceParent.HEADER, trace.header()));
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Content-Security-Policy", "default-src 'none'");
        response.setHeader("X-Content-Type-Options", "nosniff");
    }

    /** Of lookups: the generation that answered, and how old its data is, whatever was said of it before. */
    public static void set(GenerationStore generation, HttpServletResponse response) {
        response.setHeader(Generations.HEADER, Long.toString(generation.generation()));
        set(generation.freshness(), response);
    }

    /** Of lookups: up to when everything is there, and whether that is too long ago. Absent where it is not known. */
    public static void set(Freshness freshness, HttpServletResponse response) {
        response.setHeader(
                "X-Data-As-Of", freshness.asOf().map(Instant::toString).orElse(null));
        response.setHeader("X-Data-Stale", freshness.isStale() ? "true" : null);
    }
}
