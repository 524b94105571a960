package txlookup.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Headers of every answer, whoever gives it. */
final class AnswerHeaders {
    private AnswerHeaders() {}

    static void set(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader(CorrelationId.HEADER, CorrelationId.of(request));
        TraceParent.parse(request.getHeader(TraceParent.HEADER))
                .ifPresent(trace -> response.setHeader(TraceParent.HEADER, trace.header()));
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Content-Security-Policy", "default-src 'none'");
        response.setHeader("X-Content-Type-Options", "nosniff");
    }

    /** Of lookups: up to when everything is there, and whether that is too long ago. Absent where it is not known. */
    static void set(Freshness freshness, HttpServletResponse response) {
        freshness.asOf().ifPresent(asOf -> response.setHeader("X-Data-As-Of", asOf.toString()));
        if (freshness.isStale()) {
            response.setHeader("X-Data-Stale", "true");
        }
    }
}
