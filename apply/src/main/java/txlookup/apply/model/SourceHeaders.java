package txlookup.apply.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A record's headers, in their order; a key may be there several times. The store keeps them as a JSON array of
 * {@code {"key", "value"}} with base64 values, since a key may hold what PostgreSQL's text does not.
 */
public record SourceHeaders(List<Header> all) {
    private static final JsonFactory JSON = new JsonFactory();

    /** One header. */
    @SuppressWarnings("ArrayRecordComponent") // The bytes are handed through untouched; headers are never compared.
    public record Header(String key, byte @Nullable [] value) {}

    public SourceHeaders {
        all = List.copyOf(all);
    }

    /** The values under a key, those that are there. */
    public Stream<byte[]> values(String key) {
        return all.stream()
                .filter(header -> header.key().equals(key))
                .flatMap(header -> Optional.ofNullable(header.value()).stream());
    }

    public String toJson() {
        StringJoiner json = new StringJoiner(",", "[", "]");
        for (Header header : all) {
            String key = base64(header.key().getBytes(StandardCharsets.UTF_8));
            String value = header.value() == null ? "null" : '"' + base64(header.value()) + '"';
            json.add("{\"key\":\"%s\",\"value\":%s}".formatted(key, value));
        }
        return json.toString();
    }

    /** As the store has them; null where it has none. */
    public static @Nullable SourceHeaders ofJson(@Nullable String stored) {
        if (stored == null) {
            return null;
        }
        List<Header> all = new ArrayList<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), stored)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.START_OBJECT) {
                String key = "";
                byte[] value = null;
                for (String name = json.nextName(); name != null; name = json.nextName()) {
                    boolean isText = json.nextToken() == JsonToken.VALUE_STRING;
                    byte[] bytes = isText ? Base64.getDecoder().decode(json.getString()) : null;
                    if (name.equals("value")) {
                        value = bytes;
                    } else if (bytes != null) {
                        key = new String(bytes, StandardCharsets.UTF_8);
                    }
                }
                all.add(new Header(key, value));
            }
        }
        return new SourceHeaders(all);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
