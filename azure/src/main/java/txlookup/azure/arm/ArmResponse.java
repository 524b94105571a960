package txlookup.azure.arm;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One answer.
 *
 * @param status HTTP status; 0 when none came
 * @param headers by lower-case name
 * @param body JSON; a missing node where there was none
 * @param failure why none came; empty otherwise
 */
public record ArmResponse(int status, Map<String, String> headers, JsonNode body, String failure) {
    private static final int THROTTLED = 429;
    private static final int TIMED_OUT = 408;
    private static final int SERVER_ERRORS = 500;

    /** Whether it is a 2xx. */
    public boolean isSuccess() {
        return status / 100 == 2;
    }

    /** Whether Azure wants to be asked later. */
    public boolean isThrottled() {
        return status == THROTTLED;
    }

    /** Whether nobody knows what became of the request. */
    public boolean isUnclear() {
        return status == 0 || status == TIMED_OUT || status >= SERVER_ERRORS;
    }

    /** Azure's error code, such as {@code ScopeLocked}; empty where there is none. */
    public String code() {
        return error().path("code").asString("");
    }

    /** What went wrong, in one line, in Azure's own words. */
    public String explanation() {
        if (status == 0) {
            return failure;
        }
        String message = error().path("message").asString("");
        return "HTTP %d %s%s"
                .formatted(status, code(), message.isEmpty() ? "" : ": " + message)
                .strip();
    }

    /** How long Azure asks to wait: seconds or a date. */
    public Optional<Duration> retryAfter(Instant now) {
        String value = headers.get("retry-after");
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.ofSeconds(Math.max(0, Long.parseLong(value.strip()))));
        } catch (NumberFormatException noSeconds) {
            return retryAt(value, now);
        }
    }

    private static Optional<Duration> retryAt(String value, Instant now) {
        try {
            Instant at = ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(at.isAfter(now) ? Duration.between(now, at) : Duration.ZERO);
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    /** Where the long-running operation is asked about; {@code Azure-AsyncOperation} before {@code Location}. */
    public Optional<URI> operation() {
        String value = headers.getOrDefault("azure-asyncoperation", headers.get("location"));
        return value == null ? Optional.empty() : Optional.of(URI.create(value));
    }

    private JsonNode error() {
        JsonNode error = body.path("error");
        return error.isObject() ? error : body;
    }
}
