package txlookup.api.console.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The OpenAPI document as a page shows it.
 *
 * @param groups operations by their tag, in the document's order
 */
record ApiDocument(String title, String version, String description, List<Group> groups, List<Schema> schemas) {
    private static final List<String> METHODS = List.of("get", "post", "put", "delete");
    private static final String TO_PARTS = "#/components/";

    record Group(String name, String description, List<Operation> operations) {}

    /** @param body the schema of what is sent; null where nothing is */
    record Operation(
            String id,
            String method,
            String path,
            String summary,
            @Nullable String description,
            List<Field> parameters,
            @Nullable String body,
            List<Answer> answers) {}

    /** @param schema null where it is no JSON */
    record Answer(
            String status, String description, @Nullable String schema) {}

    /** A parameter or a key. */
    record Field(String name, String place, String type, boolean required, String description) {}

    record Schema(String name, String description, List<Field> fields) {}

    static ApiDocument of(byte[] yaml) {
        JsonNode root = YAMLMapper.builder().build().readTree(yaml);
        Map<String, Group> groups = new LinkedHashMap<>();
        for (JsonNode tag : root.path("tags")) {
            String name = tag.path("name").asString("");
            groups.put(name, new Group(name, tag.path("description").asString(""), new ArrayList<>()));
        }
        root.path("paths")
                .properties()
                .forEach(path -> METHODS.forEach(method -> {
                    JsonNode operation = path.getValue().path(method);
                    if (!operation.isMissingNode()) {
                        groups.get(operation.path("tags").path(0).asString(""))
                                .operations()
                                .add(operation(root, method, path.getKey(), operation));
                    }
                }));
        List<Schema> schemas = root.at("/components/schemas").properties().stream()
                .map(schema -> schema(schema.getKey(), schema.getValue()))
                .toList();
        JsonNode info = root.path("info");
        return new ApiDocument(
                info.path("title").asString(""),
                info.path("version").asString(""),
                info.path("description").asString(""),
                List.copyOf(groups.values()),
                schemas);
    }

    private static Operation operation(JsonNode root, String method, String path, JsonNode operation) {
        List<Field> parameters = stream(operation.path("parameters"))
                .map(parameter -> resolved(root, parameter))
                .map(parameter -> new Field(
                        parameter.path("name").asString(""),
                        parameter.path("in").asString(""),
                        type(parameter.path("schema")),
                        parameter.path("required").asBoolean(false),
                        parameter.path("description").asString("")))
                .toList();
        List<Answer> answers = operation.path("responses").properties().stream()
                .map(answer -> answer(answer.getKey(), resolved(root, answer.getValue())))
                .toList();
        JsonNode body = operation.at("/requestBody/content/application~1json/schema");
        return new Operation(
                operation.path("operationId").asString(""),
                method.toUpperCase(Locale.ROOT),
                path,
                operation.path("summary").asString(""),
                operation.path("description").asString(null),
                parameters,
                body.isMissingNode() ? null : type(body),
                answers);
    }

    private static Answer answer(String status, JsonNode answer) {
        JsonNode schema = answer.path("content").properties().stream()
                .map(content -> content.getValue().path("schema"))
                .findFirst()
                .filter(found -> found.has("$ref"))
                .orElse(null);
        return new Answer(status, answer.path("description").asString(""), schema == null ? null : type(schema));
    }

    private static Schema schema(String name, JsonNode schema) {
        List<String> required =
                stream(schema.path("required")).map(one -> one.asString("")).toList();
        List<Field> fields = schema.path("properties").properties().stream()
                .map(key -> new Field(
                        key.getKey(),
                        "",
                        type(key.getValue()),
                        required.contains(key.getKey()),
                        key.getValue().path("description").asString("")))
                .toList();
        String description = schema.path("description").asString("");
        return new Schema(name, fields.isEmpty() ? (description + " " + type(schema)).strip() : description, fields);
    }

    /** In words, such as {@code list of Entry} or {@code string or null}. */
    private static String type(JsonNode schema) {
        if (schema.has("$ref")) {
            return nameOf(schema.path("$ref").asString(""));
        }
        if (schema.has("const")) {
            return schema.path("const").asString("");
        }
        if (schema.has("enum")) {
            return stream(schema.path("enum"))
                    .map(value -> value.isNull() ? "null" : value.asString(""))
                    .collect(Collectors.joining(" | "));
        }
        for (String several : List.of("oneOf", "anyOf", "allOf")) {
            if (schema.has(several)) {
                return stream(schema.path(several)).map(ApiDocument::type).collect(Collectors.joining(" or "));
            }
        }
        JsonNode type = schema.path("type");
        String named = type.isArray()
                ? stream(type).map(one -> one.asString("")).collect(Collectors.joining(" or "))
                : type.asString("object");
        if (named.equals("array")) {
            return "list of " + type(schema.path("items"));
        }
        return schema.has("format") ? named + ", " + schema.path("format").asString("") : named;
    }

    private static JsonNode resolved(JsonNode root, JsonNode node) {
        return node.has("$ref") ? root.at(node.path("$ref").asString("").substring(1)) : node;
    }

    private static String nameOf(String reference) {
        return reference.substring(Math.max(reference.lastIndexOf('/') + 1, TO_PARTS.length()));
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
