package txlookup.azure.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a template makes of its parameters: every resource with its final id, name and tags, in the template's order,
 * which is an order in which they can be made. For tests that look before anything is deployed, and for the fake.
 */
public final class TemplateEvaluation {
    private final ObjectNode template;
    private final Map<String, JsonNode> parameters;
    private final Functions.Scope scope;
    private final Functions functions;

    /**
     * One resource as it would be sent to its provider.
     *
     * @param body with every expression replaced by its value
     */
    public record Made(String id, ObjectNode body) {}

    /**
     * Takes a template with its parameters.
     *
     * @throws IllegalArgumentException when a parameter is missing, unknown or of another type, naming every one
     */
    public TemplateEvaluation(
            ObjectNode template,
            Map<String, JsonNode> parameters,
            String subscription,
            String group,
            LiveResources live) {
        this.template = template;
        this.parameters = new ParameterCheck(template).complete(parameters);
        this.scope = new Functions.Scope(subscription, group);
        this.functions = new Functions(scope, live);
    }

    /** How many resources the template holds, made or not. */
    public int size() {
        return template.path("resources").size();
    }

    /** The resource of that index; empty when its condition does not hold. */
    public List<Made> resource(int index) {
        ObjectNode written = (ObjectNode) template.path("resources").get(index);
        JsonNode condition = written.path("condition");
        if (!condition.isMissingNode() && !value(condition).asBoolean()) {
            return List.of();
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        written.properties().stream()
                .filter(field -> !List.of("condition", "dependsOn", "scope").contains(field.getKey()))
                .forEach(field -> body.set(field.getKey(), value(field.getValue())));
        List<String> names = List.of(body.path("name").asString().split("/", -1));
        String type = written.path("type").asString();
        String id = written.has("scope")
                ? Ids.within(value(written.path("scope")).asString(), type, names)
                : Ids.inGroup(scope, type, names);
        return List.of(new Made(id, body));
    }

    /** Every resource whose condition holds. */
    public List<Made> resources() {
        List<Made> made = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            made.addAll(resource(i));
        }
        return made;
    }

    /** The outputs, once all is made. */
    public ObjectNode outputs() {
        ObjectNode outputs = JsonNodeFactory.instance.objectNode();
        template.path("outputs").properties().forEach(output -> outputs.putObject(output.getKey())
                .put("type", output.getValue().path("type").asString())
                .set("value", value(output.getValue().path("value"))));
        return outputs;
    }

    private JsonNode value(JsonNode node) {
        if (node.isString()) {
            String text = node.asString();
            return Expression.isExpression(text)
                    ? evaluate(Expression.parse(text))
                    : JsonNodeFactory.instance.stringNode(text.startsWith("[[") ? text.substring(1) : text);
        }
        if (node instanceof ObjectNode object) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            object.properties().forEach(field -> copy.set(field.getKey(), value(field.getValue())));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            array.forEach(each -> copy.add(value(each)));
            return copy;
        }
        return node;
    }

    private JsonNode evaluate(Expression expression) {
        if (expression instanceof Expression.Text text) {
            return JsonNodeFactory.instance.stringNode(text.value());
        }
        if (expression instanceof Expression.Whole whole) {
            return JsonNodeFactory.instance.numberNode(whole.value());
        }
        if (expression instanceof Expression.Property property) {
            JsonNode of = evaluate(property.of());
            JsonNode found = of.path(property.name());
            if (found.isMissingNode()) {
                throw new IllegalArgumentException(
                        "there is no %s; there are %s".formatted(property.name(), new TreeSet<>(of.propertyNames())));
            }
            return found;
        }
        Expression.Call call = (Expression.Call) expression;
        List<JsonNode> given = call.arguments().stream().map(this::evaluate).toList();
        return switch (call.function()) {
            case "parameters" -> parameter(given.get(0).asString());
            case "variables" ->
                value(template.path("variables").path(given.get(0).asString()));
            default -> functions.call(call.function(), given);
        };
    }

    private JsonNode parameter(String name) {
        JsonNode found = parameters.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "the template uses a parameter %s that it does not declare".formatted(name));
        }
        return found;
    }
}
