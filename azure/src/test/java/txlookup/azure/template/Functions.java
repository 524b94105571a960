package txlookup.azure.template;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The template functions that our templates use. {@code guid} answers another UUID than Azure's for the same texts, but
 * as theirs the same one for the same texts, which is all that a name needs.
 */
final class Functions {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Scope scope;
    private final LiveResources live;

    /** Where is deployed to. */
    record Scope(String subscription, String group) {}

    Functions(Scope scope, LiveResources live) {
        this.scope = scope;
        this.live = live;
    }

    JsonNode call(String function, List<JsonNode> given) {
        return switch (function) {
            case "concat" -> concat(given);
            case "format" -> NODES.stringNode(format(given));
            case "guid" -> NODES.stringNode(guid(given));
            case "resourceId" -> NODES.stringNode(resourceId(given));
            case "subscriptionResourceId" ->
                NODES.stringNode("/subscriptions/%s/providers/%s/%s"
                        .formatted(scope.subscription(), text(given, 0), text(given, 1)));
            case "subscription" -> subscription();
            case "resourceGroup" ->
                NODES.objectNode()
                        .put("name", scope.group())
                        .put(
                                "id",
                                "/subscriptions/%s/resourceGroups/%s".formatted(scope.subscription(), scope.group()));
            case "deployer" -> NODES.objectNode().put("objectId", "00000000-0000-0000-0000-0000deadbeef");
            case "if" -> given.get(0).asBoolean() ? given.get(1) : given.get(2);
            case "not" -> NODES.booleanNode(!given.get(0).asBoolean());
            case "and" -> NODES.booleanNode(given.stream().allMatch(JsonNode::asBoolean));
            case "or" -> NODES.booleanNode(given.stream().anyMatch(JsonNode::asBoolean));
            case "equals" -> NODES.booleanNode(given.get(0).equals(given.get(1)));
            case "empty" -> NODES.booleanNode(text(given, 0).isEmpty());
            case "true" -> NODES.booleanNode(true);
            case "false" -> NODES.booleanNode(false);
            case "null" -> NODES.nullNode();
            case "json" -> JSON.readTree(text(given, 0));
            case "createArray" -> NODES.arrayNode().addAll(given);
            case "createObject" -> createObject(given);
            case "reference" -> live.reference(text(given, 0));
            case "listKeys" -> live.listKeys(text(given, 0));
            default ->
                throw new IllegalArgumentException(
                        "the function %s is unknown; our templates do not use it".formatted(function));
        };
    }

    private static JsonNode concat(List<JsonNode> given) {
        if (given.stream().allMatch(JsonNode::isArray)) {
            ArrayNode all = NODES.arrayNode();
            given.forEach(each -> all.addAll((ArrayNode) each));
            return all;
        }
        return NODES.stringNode(given.stream().map(JsonNode::asString).collect(Collectors.joining()));
    }

    private static String format(List<JsonNode> given) {
        String text = text(given, 0);
        for (int i = 1; i < given.size(); i++) {
            text = text.replace("{" + (i - 1) + "}", text(given, i));
        }
        return text;
    }

    private static String guid(List<JsonNode> given) {
        String all = given.stream().map(JsonNode::asString).collect(Collectors.joining("-"));
        return UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private String resourceId(List<JsonNode> given) {
        List<String> names = given.stream().skip(1).map(JsonNode::asString).toList();
        return Ids.inGroup(scope, text(given, 0), names);
    }

    private JsonNode subscription() {
        return NODES.objectNode()
                .put("subscriptionId", scope.subscription())
                .put("tenantId", "00000000-0000-0000-0000-00000000aaaa");
    }

    private static ObjectNode createObject(List<JsonNode> given) {
        ObjectNode object = NODES.objectNode();
        for (int i = 0; i + 1 < given.size(); i += 2) {
            object.set(text(given, i), given.get(i + 1));
        }
        return object;
    }

    private static String text(List<JsonNode> given, int index) {
        return given.get(index).asString();
    }
}
