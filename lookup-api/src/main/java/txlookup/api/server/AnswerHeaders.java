package txlookup.api.server;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import txlookup.api.web.CorrelationId;

/** Headers of every answer, also of one that a filter gives. */
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
}
