package txlookup.profiles;

import java.math.BigDecimal;
import java.math.BigInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A value that replaces the file's.
 *
 * @param property what it replaces
 * @param text the value as given
 * @param origin who gave it: an environment variable, a flag
 */
record ProfileOverride(ProfileProperty property, String text, String origin) {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** The value under the schema's type; what does not read as that type stays text, which the schema then refuses. */
    JsonNode value() {
        return switch (property.schema().type()) {
            case "integer" -> text.matches("-?[0-9]{1,30}") ? NODES.numberNode(new BigInteger(text)) : asText();
            case "number" ->
                text.matches("-?[0-9]{1,30}(\\.[0-9]{1,30})?") ? NODES.numberNode(new BigDecimal(text)) : asText();
            case "boolean" ->
                text.equals("true") || text.equals("false") ? NODES.booleanNode(text.equals("true")) : asText();
            default -> asText();
        };
    }

    private JsonNode asText() {
        return NODES.stringNode(text);
    }
}
