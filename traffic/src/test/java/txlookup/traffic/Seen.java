package txlookup.traffic;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** An event as a reader by docs/contract.md sees it; two of the same bytes are equal. */
record Seen(Event.Kind kind, String key, String json) {
    private static final JsonFactory JSON = new JsonFactory();

    static Seen of(Event event) {
        return new Seen(event.kind(), event.key(), new String(event.value(), StandardCharsets.UTF_8));
    }

    static List<Seen> of(List<Event> events) {
        return events.stream().map(Seen::of).toList();
    }

    /** The snapshot with the greatest version for each key, of those that can be decoded. */
    static Map<String, Seen> latest(List<Event> events) {
        Map<String, Seen> latest = new HashMap<>();
        for (Seen seen : of(events)) {
            if (seen.isDecodable()) {
                latest.merge(seen.key, seen, (one, other) -> other.version() > one.version() ? other : one);
            }
        }
        return latest;
    }

    boolean isDecodable() {
        Optional<Map<String, String>> members = members();
        try {
            members.ifPresent(all -> {
                new BigDecimal(all.get("amount"));
                Instant.parse(all.get("created_at"));
            });
        } catch (NumberFormatException | NullPointerException | DateTimeParseException e) {
            return false;
        }
        return members.isPresent();
    }

    /** A member's text, a number's digits. */
    String text(String member) {
        return members().orElseThrow().get(member);
    }

    Instant time(String member) {
        return Instant.parse(text(member));
    }

    long version() {
        return Long.parseLong(text("version"));
    }

    private Optional<Map<String, String>> members() {
        Map<String, String> members = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(name, parser.getString());
            }
        } catch (JacksonException e) {
            return Optional.empty();
        }
        return Optional.of(members);
    }
}
