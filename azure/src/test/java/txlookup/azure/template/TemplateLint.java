package txlookup.azure.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a template has to keep to beyond its schema (docs/azure-facts.md, D; docs/policy.md, "Names and tags"). */
final class TemplateLint {
    /** Types of ours that Azure cannot tag; they belong to the nearest resource that can be. */
    private static final Set<String> NOT_TAGGABLE = Set.of(
            "microsoft.authorization/roleassignments",
            "microsoft.eventhub/namespaces/eventhubs",
            "microsoft.eventhub/namespaces/authorizationrules",
            "microsoft.dbforpostgresql/flexibleservers/administrators",
            "microsoft.dbforpostgresql/flexibleservers/databases",
            "microsoft.dbforpostgresql/flexibleservers/firewallrules",
            "microsoft.network/privateendpoints/privatednszonegroups",
            "microsoft.storage/storageaccounts/blobservices",
            "microsoft.storage/storageaccounts/blobservices/containers",
            "microsoft.network/privatednszones/a");

    private static final Pattern PINNED = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern NAME_FROM_PARAMETERS = Pattern.compile(
            "\\[parameters\\('\\w+'\\)]|\\[format\\('\\{0}/(\\{1}|[a-z]+(/[a-z]+)?|\\*)'(, parameters\\('\\w+'\\))+\\)]|\\[guid\\(.*\\)]");
    private static final Pattern SECRET_FIELD =
            Pattern.compile("(?i).*(password|secret|sharedkey|connectionstring|token)$");
    private static final Pattern LOOKS_SECRET =
            Pattern.compile("(?i).*(accountkey=|sharedaccesskey=|password=|-----begin|[A-Za-z0-9+/]{43}=).*");
    private static final String TAGS = "[parameters('tags')]";

    private final List<String> problems = new ArrayList<>();

    private TemplateLint() {}

    static List<String> of(ObjectNode template) {
        TemplateLint lint = new TemplateLint();
        template.path("resources").forEach(resource -> lint.resource((ObjectNode) resource));
        lint.parameters(template.path("parameters"));
        lint.secrets(template.path("resources"));
        lint.secrets(template.path("variables"));
        lint.secrets(template.path("outputs"));
        lint.everyText(template, (field, text) -> {
            if (field.equals("mode") && text.equalsIgnoreCase("Complete")) {
                lint.problems.add("mode Complete deletes what is not in the template");
            }
        });
        return lint.problems;
    }

    private void resource(ObjectNode resource) {
        String type = resource.path("type").asString("");
        if (!PINNED.matcher(resource.path("apiVersion").asString("")).matches()) {
            problems.add("%s: apiVersion %s is not pinned".formatted(type, resource.path("apiVersion")));
        }
        if (!NAME_FROM_PARAMETERS.matcher(resource.path("name").asString("")).matches()) {
            problems.add("%s: name %s is not from parameters".formatted(type, resource.path("name")));
        }
        boolean taggable = !NOT_TAGGABLE.contains(type.toLowerCase(Locale.ROOT));
        if (taggable && !resource.path("tags").asString("").equals(TAGS)) {
            problems.add("%s: has not the environment's tags".formatted(type));
        }
    }

    private void parameters(JsonNode parameters) {
        parameters.properties().forEach(parameter -> {
            boolean secret = SECRET_FIELD.matcher(parameter.getKey()).matches();
            String type = parameter.getValue().path("type").asString("");
            if (secret && !type.startsWith("secure")) {
                problems.add("parameter %s is a secret and its type is %s".formatted(parameter.getKey(), type));
            }
            if (type.startsWith("secure")
                    && !parameter.getValue().path("defaultValue").asString("").isEmpty()) {
                problems.add("parameter %s is a secret and has a default".formatted(parameter.getKey()));
            }
        });
    }

    private void secrets(JsonNode node) {
        everyText(node, (name, text) -> {
            boolean literal = !Expression.isExpression(text);
            if (literal
                    && (SECRET_FIELD.matcher(name).matches()
                            || LOOKS_SECRET.matcher(text).matches())) {
                problems.add("%s holds a literal secret".formatted(name));
            }
        });
    }

    private void everyText(JsonNode node, BiConsumer<String, String> visit) {
        node.properties().forEach(field -> {
            if (field.getValue().isString()) {
                visit.accept(field.getKey(), field.getValue().asString());
            }
            everyText(field.getValue(), visit);
        });
        if (node.isArray()) {
            node.forEach(each -> everyText(each, visit));
        }
    }
}
