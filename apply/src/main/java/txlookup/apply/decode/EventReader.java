package txlookup.apply.decode;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import txlookup.apply.model.DeadLetter.Reason;
import txlookup.profiles.events.EventProfile;
import txlookup.profiles.events.FieldPath;

/**
 * Reads the wanted members of an event's JSON object, and nothing else: one pass, no tree. Where an event profile names
 * an envelope, the object inside it is read. A reader belongs to one thread.
 */
final class EventReader {
    /** An event is in memory as a whole already, so only its nesting needs a limit: each level costs an object. */
    private static final int MAX_NESTING = 500;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final List<FieldPath> envelopes;
    private final @Nullable String unavailable;
    private final Map<String, Integer> slots = new HashMap<>();
    private @Nullable JsonValue[] values = new JsonValue[0];
    private @Nullable Refusal refusal;

    EventReader(EventProfile profile) {
        this.envelopes = profile.unwrap();
        this.unavailable = profile.unavailable().orElse(null);
    }

    /** Makes a member wanted; call before reading. */
    int slotOf(String member) {
        int slot = slots.computeIfAbsent(member, unused -> slots.size());
        values = Arrays.copyOf(values, slots.size());
        return slot;
    }

    /**
     * Reads one event; its values are then there until the next one is read.
     *
     * @throws Refusal when it is not a JSON object, or names a wanted member twice with different values
     */
    void read(byte[] event) {
        Arrays.fill(values, null);
        refusal = null;
        int flaw = Utf8.firstFlaw(event);
        if (flaw >= 0) {
            throw Refusal.parseError("not JSON in UTF-8: byte %d is 0x%02x".formatted(flaw, event[flaw]));
        }
        try {
            readWhereverItLies(event);
        } catch (JacksonException e) {
            throw Refusal.parseError("not JSON: " + e.getOriginalMessage());
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    private void readWhereverItLies(byte[] event) {
        for (FieldPath envelope : envelopes) {
            if (readInside(event, envelope)) {
                return;
            }
        }
        try (JsonParser parser = parserOf(event)) {
            readObject(parser, parser.nextToken());
            readToEnd(parser);
        }
    }

    /** Kept until the event is read to its end: whatever is wrong with a member, an event that is not JSON is not JSON. */
    private void refuse(Refusal because) {
        if (refusal == null) {
            refusal = because;
        }
    }

    /** The value of a wanted member; null where it is missing or JSON null. */
    @Nullable
    JsonValue value(int slot) {
        return values[slot];
    }

    private boolean readInside(byte[] event, FieldPath envelope) {
        try (JsonParser parser = parserOf(event)) {
            parser.nextToken();
            for (String step : envelope.names()) {
                if (!moveTo(parser, step)) {
                    return false;
                }
            }
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                refuse(new Refusal(Reason.TOMBSTONE, "the envelope's %s is null".formatted(envelope)));
            } else {
                readObject(parser, parser.currentToken());
            }
            readToEnd(parser);
            return true;
        }
    }

    private static boolean moveTo(JsonParser parser, String member) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return false;
        }
        String name;
        while ((name = parser.nextName()) != null) {
            parser.nextToken();
            if (name.equals(member)) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private void readObject(JsonParser parser, @Nullable JsonToken start) {
        if (start != JsonToken.START_OBJECT) {
            throw Refusal.parseError("wanted a JSON object, saw " + (start == null ? "nothing" : start.name()));
        }
        String name;
        while ((name = parser.nextName()) != null) {
            JsonToken token = parser.nextToken();
            Integer slot = slots.get(name);
            if (slot != null && token != JsonToken.VALUE_NULL) {
                JsonValue value = valueOf(parser, token);
                if (unavailable != null && value.text().equals(unavailable)) {
                    refuse(Refusal.parseError("%s: the source left the value out (%s)".formatted(name, unavailable)));
                }
                put(name, slot, value);
            }
            parser.skipChildren();
        }
    }

    private void put(String name, int slot, JsonValue value) {
        JsonValue other = values[slot];
        if (other != null && !other.equals(value)) {
            refuse(new Refusal(
                    Reason.CONTRACT_CORE_VIOLATION,
                    "%s: there twice, as %s and as %s".formatted(name, other.shown(), value.shown())));
        }
        values[slot] = value;
    }

    private static JsonValue valueOf(JsonParser parser, JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> new JsonValue(JsonValue.Kind.STRING, parser.getString());
            case VALUE_NUMBER_INT -> new JsonValue(JsonValue.Kind.INTEGER, parser.getString());
            case VALUE_NUMBER_FLOAT -> new JsonValue(JsonValue.Kind.DECIMAL, parser.getString());
            case VALUE_TRUE, VALUE_FALSE -> new JsonValue(JsonValue.Kind.OTHER, "a boolean");
            case START_ARRAY -> new JsonValue(JsonValue.Kind.OTHER, "an array");
            case START_OBJECT -> new JsonValue(JsonValue.Kind.OTHER, "an object");
            default -> throw new IllegalStateException("No value starts with " + token);
        };
    }

    /** Whatever follows must be JSON as well, up to the end of the one value that an event is. */
    private static void readToEnd(JsonParser parser) {
        while (!parser.streamReadContext().inRoot()) {
            parser.nextToken();
        }
        if (parser.nextToken() != null) {
            throw Refusal.parseError("more than one JSON value");
        }
    }

    private static JsonParser parserOf(byte[] event) {
        return JSON.createParser(ObjectReadContext.empty(), event);
    }
}
