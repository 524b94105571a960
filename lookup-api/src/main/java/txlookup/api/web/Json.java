package txlookup.api.web;

import java.util.Set;
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

    /** As a tree that can be changed. */
    public static ObjectNode object(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** As {@link #text}, with {@code mask} in place of texts under these keys at any depth. */
    public static String textMasking(Set<String> keys, String mask, Object value) {
        JsonNode tree = MAPPER.valueToTree(value);
        mask(keys, mask, tree);
        return tree.toString();
    }

    private static void mask(Set<String> keys, String mask, JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (String key : keys) {
                if (object.path(key).isString()) {
                    object.put(key, mask);
                }
            }
        }
        node.forEach(child -> mask(keys, mask, child));
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
