package txlookup.api.act;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.api.auth.Caller;
import txlookup.api.web.ProblemException;
import txlookup.apply.generation.Act;

/**
 * What a request orders: a JSON object, and the key by which it is one order however often it is sent.
 *
 * @param key of the header {@code Idempotency-Key}
 */
public record AskedAct(JsonNode body, String key) {
    /** The header. */
    public static final String KEY = "Idempotency-Key";

    private static final Pattern PLAIN_KEY = Pattern.compile("[\\x21-\\x7E]{8,128}");
    private static final int LONGEST_REASON = 1_000;

    /**
     * Reads a request.
     *
     * @param fields those that the act knows
     * @throws ProblemException 400 for a body or key that is none
     */
    public static AskedAct of(HttpServletRequest request, Set<String> fields) throws IOException {
        String key = request.getHeader(KEY);
        if (key == null || !PLAIN_KEY.matcher(key).matches()) {
            throw ProblemException.badParameter(
                    KEY, "wanted 8 to 128 visible characters, new for each order and the same when it is sent again");
        }
        String type = request.getContentType();
        // Another site's form cannot send this type, and its script has to ask first.
        if (type == null || !MediaType.APPLICATION_JSON.isCompatibleWith(MediaType.parseMediaType(type))) {
            throw ProblemException.badParameter(HttpHeaders.CONTENT_TYPE, "wanted application/json");
        }
        return new AskedAct(object(request, fields), key);
    }

    private static JsonNode object(HttpServletRequest request, Set<String> fields) throws IOException {
        JsonNode body;
        try {
            body = JsonMapper.shared().readTree(request.getInputStream().readAllBytes());
        } catch (JacksonException e) {
            throw ProblemException.badParameter("body", "no JSON: " + e.getOriginalMessage());
        }
        if (!body.isObject()) {
            throw ProblemException.badParameter("body", "wanted a JSON object");
        }
        Set<String> unknown = new TreeSet<>(body.propertyNames());
        unknown.removeAll(fields);
        if (!unknown.isEmpty()) {
            throw ProblemException.badParameter(
                    "body", "knows no %s; wanted some of %s".formatted(unknown, new TreeSet<>(fields)));
        }
        return body;
    }

    /**
     * Who orders it, and why.
     *
     * @throws ProblemException 400 without a reason
     */
    public Act.Order requireOrder(Caller caller) {
        String reason = text("reason")
                .filter(text -> text.length() <= LONGEST_REASON)
                .orElseThrow(() -> ProblemException.badParameter(
                        "reason", "say in 1 to %d characters why".formatted(LONGEST_REASON)));
        return new Act.Order(caller.actor(), reason, key);
    }

    /** Text that may be absent. */
    public Optional<String> text(String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isString() || value.stringValue().indexOf('\0') >= 0) {
            throw ProblemException.badParameter(name, "wanted text");
        }
        return Optional.of(value.stringValue().strip()).filter(text -> !text.isEmpty());
    }

    /** True or false; false where it is absent. */
    public boolean flag(String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw ProblemException.badParameter(name, "wanted true or false");
        }
        return value.booleanValue();
    }

    /** 1 to 100; 100 where it is absent. */
    public int share() {
        JsonNode value = body.path("share");
        if (value.isMissingNode() || value.isNull()) {
            return 100;
        }
        if (!value.isInt() || value.intValue() < 1 || value.intValue() > 100) {
            throw ProblemException.badParameter("share", "wanted a whole number of per cent, 1 to 100");
        }
        return value.intValue();
    }
}
