package txlookup.profiles;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import txlookup.profiles.schema.ClosestName;
import txlookup.profiles.schema.ProfileProblem;
import txlookup.profiles.schema.SchemaDocument;
import txlookup.profiles.schema.SchemaViolation;
import txlookup.profiles.schema.TreePath;
import txlookup.profiles.schema.YamlDocument;

/**
 * A profile's values after every override and default, and what is wrong with them so far. A value that broke the schema
 * reads as absent, so that the rules can judge the rest and everything is reported at once.
 */
final class Settings {

    private final ProfileProperties properties;
    private final ObjectNode tree;
    private final String fileOrigin;
    private final Map<String, String> origins = new HashMap<>();
    private final List<ProfileProblem> problems;

    /** @param problems takes what is found wrong, beside what is in it already */
    Settings(ProfileProperties properties, YamlDocument file, List<ProfileProblem> problems) {
        this.properties = properties;
        this.tree = file.tree().deepCopy();
        this.fileOrigin = file.origin();
        this.problems = problems;
    }

    void override(ProfileOverride override) {
        TreePath.set(tree, override.property().segments(), override.value());
        origins.put(override.property().path(), override.origin());
    }

    /** Fills in the schema's default wherever nothing was given. */
    void applyDefaults() {
        for (ProfileProperty property : properties.all()) {
            JsonNode otherwise = property.schema().node().path("default");
            if (!otherwise.isMissingNode() && node(property).isMissingNode()) {
                TreePath.set(tree, property.segments(), otherwise);
                origins.put(property.path(), "default");
            }
        }
    }

    void check(SchemaDocument schema) {
        for (SchemaViolation violation : schema.check(tree)) {
            String path = violation.path();
            if (violation.kind() == SchemaViolation.Kind.MISSING
                    && properties.byPath(path).isPresent()) {
                missing(path, properties.known(path).schema().wanted());
            } else if (violation.kind() == SchemaViolation.Kind.UNKNOWN) {
                problems.add(unknown(path));
            } else {
                problems.add(violation.problem(originOf(path)));
            }
            TreePath.remove(tree, violation.segments());
        }
        // A schema takes 8080.0 for an integer, but Kafka's settings are handed on as text.
        for (ProfileProperty property : properties.all()) {
            JsonNode node = node(property);
            if (property.schema().type().equals("integer") && node.isNumber() && !node.isIntegralNumber()) {
                refuse(property.path(), property.schema().wanted());
                TreePath.remove(tree, property.segments());
            }
        }
    }

    String text() {
        return tree.toPrettyString();
    }

    Optional<String> text(String path) {
        return value(path).map(JsonNode::asString);
    }

    Optional<Long> integer(String path) {
        return value(path).map(JsonNode::asLong);
    }

    Optional<Boolean> truth(String path) {
        return value(path).map(JsonNode::asBoolean);
    }

    Optional<BigDecimal> decimal(String path) {
        return value(path).map(JsonNode::asDecimal);
    }

    Optional<Duration> duration(String path) {
        return text(path).map(DurationText::parse);
    }

    /** The values of one level of the tree, as text, in the schema's order. */
    Map<String, String> section(String path) {
        Map<String, String> values = new LinkedHashMap<>();
        for (ProfileProperty property : properties.all()) {
            if (property.path().startsWith(path + ".")) {
                String name = property.path().substring(path.length() + 1);
                text(property.path()).ifPresent(value -> values.put(name, value));
            }
        }
        return values;
    }

    /** Says that a value, which may be absent, breaks a rule. */
    void refuse(String path, String wanted) {
        ProfileProperty property = properties.known(path);
        JsonNode node = node(property);
        String shown = property.schema().hidden() ? "a value that is not shown here" : node.toString();
        problems.add(new ProfileProblem(path, node.isMissingNode() ? "nothing" : shown, wanted, originOf(path)));
    }

    /** Says that a value must be given. */
    void missing(String path, String wanted) {
        problems.add(new ProfileProblem(
                path, "nothing", wanted + ", " + properties.known(path).inputs(), originOf(path)));
    }

    /** Whether something is already known to be wrong with the value or with a section around it. */
    boolean isBroken(String path) {
        return problems.stream()
                .map(ProfileProblem::field)
                .anyMatch(field -> path.equals(field) || path.startsWith(field + "."));
    }

    String originOf(String path) {
        return origins.getOrDefault(path, fileOrigin);
    }

    List<ProfileProblem> problems() {
        return problems;
    }

    private ProfileProblem unknown(String path) {
        List<String> paths =
                properties.all().stream().map(ProfileProperty::path).toList();
        String wanted = "only known properties"
                + ClosestName.among(paths, path)
                        .map(name -> ", perhaps " + name)
                        .orElse("");
        return new ProfileProblem(path, "a property that does not exist", wanted, fileOrigin);
    }

    private Optional<JsonNode> value(String path) {
        JsonNode node = node(properties.known(path));
        return node.isMissingNode() ? Optional.empty() : Optional.of(node);
    }

    private JsonNode node(ProfileProperty property) {
        return TreePath.get(tree, property.segments());
    }
}
