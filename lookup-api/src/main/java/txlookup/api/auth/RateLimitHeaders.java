package txlookup.api.auth;

import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import txlookup.api.config.LookupApiSettings;

/**
 * Says how much a caller may still ask, in the form of the IETF's draft-ietf-httpapi-ratelimit-headers-10. It is about this
 * process alone.
 */
final class RateLimitHeaders {
    private static final String POLICY = "RateLimit-Policy";
    private static final String LIMIT = "RateLimit";

    private RateLimitHeaders() {}

    /** @param remaining requests that may be made at once now */
    static void set(LookupApiSettings.Limits limits, long remaining) {
        if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request
                && request.getResponse() != null) {
            set(request.getResponse(), limits, remaining);
        }
    }

    private static void set(HttpServletResponse response, LookupApiSettings.Limits limits, long remaining) {
        int perSecond = limits.requestsPerSecond();
        response.setHeader(
                POLICY, "\"caller\";q=%d;w=%d".formatted(limits.burst(), seconds(limits.burst(), perSecond)));
        response.setHeader(
                LIMIT, "\"caller\";r=%d;t=%d".formatted(remaining, seconds(limits.burst() - remaining, perSecond)));
    }

    /** Until so many may be asked again. */
    private static long seconds(long requests, int perSecond) {
        return (requests + perSecond - 1) / perSecond;
    }
}
