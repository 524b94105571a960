package txlookup.api.web;

import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON as docs/contract.md wants it: {@code snake_case}, keys in the order of a record's components, nulls written,
 * times as {@code 2026-02-05T01:00:00Z}.
 */
public final class Json {
    public static final String MEDIA_TYPE = "application/json";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
            .build();

    private Json() {}

    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** As {@link #text}, without a key of that name at any depth. */
    public static String textWithout(String key, Object value) {
        JsonNode tree = MAPPER.valueToTree(value);
        remove(key, tree);
        return tree.toString();
    }

    private static void remove(String key, JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(key);
        }
        node.forEach(child -> remove(key, child));
    }
}
