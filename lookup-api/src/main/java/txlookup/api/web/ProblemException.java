package txlookup.api.web;

import java.time.Duration;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import txlookup.api.config.LookupApiSettings;

/** A request that is answered with a problem document. */
public class ProblemException extends RuntimeException {
    private static final String RETRY_AFTER_SECONDS = "5";

    private final transient Problem problem;
    private final transient Map<String, String> headers;

    public ProblemException(HttpStatus status, String detail, Map<String, String> headers) {
        this(status, detail, headers, detail);
    }

    /** @param reason for the log, not for the caller */
    protected ProblemException(HttpStatus status, String detail, Map<String, String> headers, String reason) {
        super(reason);
        this.problem = Problem.of(status, detail);
        this.headers = Map.copyOf(headers);
    }

    /** 404. */
    public static ProblemException notFound(String detail) {
        return new ProblemException(HttpStatus.NOT_FOUND, detail, Map.of());
    }

    /** 400, naming the parameter. */
    public static ProblemException badParameter(String name, String what) {
        return new ProblemException(HttpStatus.BAD_REQUEST, name + ": " + what, Map.of());
    }

    /**
     * 503: nothing is wrong with the request, and asking again later can help.
     *
     * @param reason for the log, not for the caller
     */
    public static ProblemException unavailable(String detail, String reason) {
        return new ProblemException(
                HttpStatus.SERVICE_UNAVAILABLE,
                detail + "; try again later",
                Map.of(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS),
                reason);
    }

    /** 429: the same request is answered once {@code wait} has passed. */
    public static ProblemException tooMany(LookupApiSettings.Limits limits, Duration wait) {
        long seconds = wait.plusSeconds(1).minusNanos(1).toSeconds();
        return new ProblemException(
                HttpStatus.TOO_MANY_REQUESTS,
                "more than %d lookups a second, or %d at once; try again later"
                        .formatted(limits.requestsPerSecond(), limits.burst()),
                Map.of(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, seconds))));
    }

    /** What it is answered with. */
    public Problem problem() {
        return problem;
    }

    /** Headers that belong to the answer. */
    public Map<String, String> headers() {
        return headers;
    }
}
