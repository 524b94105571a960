package txlookup.profiles.schema;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One place where a tree breaks its schema.
 *
 * @param kind in which way
 * @param segments the property names down to the place
 * @param value what is there; meaningful for {@link Kind#VALUE} alone
 * @param property what the schema says about the place, if it knows it
 */
public record SchemaViolation(Kind kind, List<String> segments, JsonNode value, Optional<PropertySchema> property) {

    /** In which way the schema is broken. */
    public enum Kind {
        MISSING,
        UNKNOWN,
        VALUE
    }

    private static final int LONGEST_SHOWN = 80;

    public String path() {
        return String.join(".", segments);
    }

    /** The violation as a problem; a value that may be secret is not repeated. */
    public ProfileProblem problem(String origin) {
        return switch (kind) {
            case MISSING -> new ProfileProblem(path(), "nothing", wanted(), origin);
            // What stands under a name that nobody knows may be anything, a password too.
            case UNKNOWN ->
                new ProfileProblem(path(), "a property that does not exist", "only known properties", origin);
            case VALUE -> new ProfileProblem(path(), seen(), wanted(), origin);
        };
    }

    private String wanted() {
        return property.map(PropertySchema::wanted).orElse("what the schema allows");
    }

    private String seen() {
        if (property.map(PropertySchema::hidden).orElse(true)) {
            return "a value that is not shown here";
        }
        if (value.isObject()) {
            return "a section of properties";
        }
        String text = value.toString();
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "... (cut)";
    }
}
