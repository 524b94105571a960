package txlookup.azure.fake;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the fake answers; the bodies are those that docs/azure-facts.md quotes.
 *
 * @param body JSON; empty text for none
 * @param delay before anything is sent
 * @param actFirst whether the request is carried out before this is answered in place of the true answer
 */
public record FakeAnswer(int status, Map<String, String> headers, String body, Duration delay, boolean actFirst) {
    static FakeAnswer of(int status, ObjectNode body) {
        return new FakeAnswer(status, Map.of(), body.toString(), Duration.ZERO, false);
    }

    static FakeAnswer empty(int status) {
        return new FakeAnswer(status, Map.of(), "", Duration.ZERO, false);
    }

    FakeAnswer with(Map<String, String> more) {
        return new FakeAnswer(status, more, body, delay, actFirst);
    }

    /** The same with its links at another address of the fake, as a client follows links to where it asked only. */
    FakeAnswer linkedTo(String here, String there) {
        Map<String, String> linked = new LinkedHashMap<>();
        headers.forEach((name, value) -> linked.put(name, value.replace(here, there)));
        String link = "\"nextLink\":\"";
        return new FakeAnswer(status, linked, body.replace(link + here, link + there), delay, actFirst);
    }

    FakeAnswer withBody(String other) {
        return new FakeAnswer(status, headers, other, delay, actFirst);
    }

    /** The same after the request was carried out: its true answer is lost. */
    public FakeAnswer withActing() {
        return new FakeAnswer(status, headers, body, delay, true);
    }

    /** Any JSON, in the place of the true answer. */
    public static FakeAnswer json(int status, String body) {
        return new FakeAnswer(status, Map.of(), body, Duration.ZERO, false);
    }

    /** Azure's form of an error. */
    public static FakeAnswer error(int status, String code, String message) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error").put("code", code).put("message", message);
        return of(status, body);
    }

    /** Too many requests, for that many seconds. */
    public static FakeAnswer throttled(int seconds) {
        return error(429, "TooManyRequests", "Number of requests exceeded the limit. Please try again later.")
                .with(Map.of("Retry-After", Integer.toString(seconds)));
    }

    /** A lock at that scope, in another letter case than the id, as Azure may give it. */
    public static FakeAnswer scopeLocked(String id, String lockScope) {
        return error(
                409,
                "ScopeLocked",
                "The scope '%s' cannot perform delete operation because following scope(s) are locked: '%s'. Please remove the lock and try again."
                        .formatted(id, lockScope.replace("resourceGroups", "resourcegroups")));
    }

    static FakeAnswer notFound(String id) {
        return error(404, "ResourceNotFound", "The Resource '%s' was not found.".formatted(id));
    }

    /** No answer for that long; what was asked is done or not. */
    public static FakeAnswer silence(Duration delay, boolean actFirst) {
        return new FakeAnswer(500, Map.of(), "", delay, actFirst);
    }
}
