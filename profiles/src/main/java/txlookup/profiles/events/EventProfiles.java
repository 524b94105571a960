package txlookup.profiles.events;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import txlookup.profiles.schema.ProfileException;
import txlookup.profiles.schema.ProfileProblem;
import txlookup.profiles.schema.SchemaDocument;
import txlookup.profiles.schema.SchemaViolation;
import txlookup.profiles.schema.YamlDocument;
import txlookup.profiles.schema.YamlDocuments;

/** Reads event profiles: {@code profiles/events/<name>.yaml}, or any file of that form. */
public final class EventProfiles {

    /** The event profiles that came with the program. */
    public static final List<String> SHIPPED = List.of("canonical-v1", "nsc-dev-v1", "debezium-v1");

    private static final SchemaDocument SCHEMA =
            SchemaDocument.load("/txlookup/profiles/events/event-profile.schema.json");

    private EventProfiles() {}

    /**
     * Loads an event profile.
     *
     * @param nameOrPath a name, where a file {@code profiles/events/<name>.yaml} in the working directory wins over the
     *     one that came with the program; or the path of a file
     * @throws ProfileException when it is refused, with every problem
     */
    public static EventProfile load(String nameOrPath) {
        List<ProfileProblem> problems = new ArrayList<>();
        Optional<EventProfile> profile = load(Path.of(""), "event profile", nameOrPath, "the name given", problems);
        return profile.orElseThrow(() -> new ProfileException("event profile " + nameOrPath, problems));
    }

    /** The one of that name as it came with the program, whatever file there is. */
    public static EventProfile shipped(String name) {
        List<ProfileProblem> problems = new ArrayList<>();
        return new YamlDocuments(Path.of(""), "profiles/events", SHIPPED)
                .shipped(name, problems)
                .flatMap(document -> read(document, problems))
                .orElseThrow(() -> new ProfileException("event profile " + name, problems));
    }

    /** Loads an event profile that {@code field} of {@code origin} names; empty after adding to {@code problems}. */
    public static Optional<EventProfile> load(
            Path workingDirectory, String field, String nameOrPath, String origin, List<ProfileProblem> problems) {
        return new YamlDocuments(workingDirectory, "profiles/events", SHIPPED)
                .find(field, nameOrPath, origin, problems)
                .flatMap(document -> read(document, problems));
    }

    private static Optional<EventProfile> read(YamlDocument document, List<ProfileProblem> problems) {
        List<SchemaViolation> violations = SCHEMA.check(document.tree());
        violations.forEach(violation -> problems.add(violation.problem(document.origin())));
        if (!violations.isEmpty()) {
            return Optional.empty();
        }
        EventProfile profile = map(document.tree());
        List<ProfileProblem> broken = EventProfileRules.check(profile, document);
        problems.addAll(broken);
        return broken.isEmpty() ? Optional.of(profile) : Optional.empty();
    }

    private static EventProfile map(ObjectNode tree) {
        SourceTimeUnit timeUnit = timeUnit(tree.path("timeUnit"), SourceTimeUnit.ISO);
        return new EventProfile(
                tree.path("name").asString(),
                tree.path("topics").path("ledger").asString(),
                tree.path("topics").path("paymentOrder").asString(),
                texts(tree.path("unwrap")).stream().map(FieldPath::parse).toList(),
                tree.path("unavailable").asStringOpt(),
                fields(tree.path("fields").path("ledger"), timeUnit),
                fields(tree.path("fields").path("paymentOrder"), timeUnit));
    }

    private static EventFields fields(JsonNode section, SourceTimeUnit timeUnit) {
        Map<String, EventField> byName = new LinkedHashMap<>();
        section.properties()
                .forEach(entry -> byName.put(entry.getKey(), field(entry.getKey(), entry.getValue(), timeUnit)));
        return new EventFields(byName);
    }

    private static EventField field(String name, JsonNode node, SourceTimeUnit profileUnit) {
        FieldType type = FieldType.valueOf(constant(node.path("type")));
        return new EventField(
                name,
                type,
                node.path("required").asBoolean(false),
                node.has("aliases") ? texts(node.path("aliases")) : List.of(name),
                texts(node.path("fallbacks")),
                type == FieldType.TIME ? timeUnit(node.path("timeUnit"), profileUnit) : SourceTimeUnit.ISO);
    }

    private static SourceTimeUnit timeUnit(JsonNode node, SourceTimeUnit otherwise) {
        return node.isMissingNode() ? otherwise : SourceTimeUnit.valueOf(constant(node));
    }

    private static String constant(JsonNode node) {
        return node.asString().toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asString()));
        return texts;
    }
}
