package txlookup.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** {@code contracts/openapi/lookup.yaml} breaks no client that was written for {@code contracts/released/lookup.yaml}. */
class OpenApiReleaseTest {
    private static final Path CONTRACTS = Path.of("..", "contracts");
    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete");

    private static JsonNode released;
    private static JsonNode now;

    @BeforeAll
    static void read() throws IOException {
        released = document("released/lookup.yaml");
        now = document("openapi/lookup.yaml");
    }

    @Test
    void noReleasedClientBreaks() {
        assertThat(breaks(released, now)).isEmpty();
    }

    @Test
    void whatWouldBreakOneIsSeen() {
        assertBreaks(
                "GET /admin/tx/{tx_id} is gone", api -> object(api, "/paths").remove("/admin/tx/{tx_id}"));
        assertBreaks("status: the key is gone", api -> object(api, "/components/schemas/Transaction/properties")
                .remove("status"));
        assertBreaks("no longer always there", api -> array(api, "/components/schemas/Transaction/required")
                .remove(0));
        assertBreaks("is another type", api -> object(api, "/components/schemas/Transaction/properties/data_lag_sec")
                .put("type", "string"));
        assertBreaks("may now be null too", api -> object(api, "/components/schemas/Health/properties/status")
                .putArray("type")
                .add("string")
                .add("null"));
        assertBreaks("HALF is new in an answer", api -> array(api, "/components/schemas/StatusGroup/enum")
                .add("HALF"));
        assertBreaks("reason_code has to be sent now", api -> object(api, "/components/schemas/TrialOrder")
                .putArray("required")
                .add("reason")
                .add("reason_code"));
        assertBreaks("patch may not be sent any more", api -> object(api, "/components/schemas/TrialOrder/properties")
                .remove("patch"));
        assertBreaks("parameter limit is gone", api -> object(api, "/components/parameters/Limit")
                .put("name", "most"));
        assertBreaks("X-Generation has to be sent now", api -> object(api, "/components/parameters/AskedGeneration")
                .put("required", true));
        assertBreaks("the answer 200 is gone", api -> object(api, "/paths/~1health/get/responses")
                .remove("200"));
    }

    @Test
    void whatAddsSomethingBreaksNone() {
        ObjectNode more = (ObjectNode) released.deepCopy();
        object(more, "/components/schemas/Transaction/properties")
                .putObject("another")
                .put("type", "string");
        object(more, "/components/schemas/TrialOrder/properties")
                .putObject("another")
                .put("type", "string");
        object(more, "/paths").putObject("/admin/another").putObject("get").putObject("responses");
        object(more, "/paths/~1health/get/responses").putObject("418").put("description", "a teapot");
        assertThat(breaks(released, more)).isEmpty();
    }

    private static void assertBreaks(String expected, Consumer<JsonNode> change) {
        JsonNode changed = released.deepCopy();
        change.accept(changed);
        assertThat(breaks(released, changed)).as(expected).anyMatch(found -> found.contains(expected));
    }

    private static List<String> breaks(JsonNode before, JsonNode after) {
        Comparison comparison = new Comparison(before, after, new ArrayList<>(), new TreeSet<>());
        before.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(operation -> METHODS.contains(operation.getKey()))
                .forEach(operation -> comparison.operation(path.getKey(), operation.getKey())));
        return comparison.found();
    }

    /** @param seen schemas that are compared already: some hold themselves */
    private record Comparison(JsonNode before, JsonNode after, List<String> found, Set<String> seen) {
        void operation(String path, String method) {
            JsonNode was = before.path("paths").path(path).path(method);
            JsonNode is = after.path("paths").path(path).path(method);
            String place = method.toUpperCase(java.util.Locale.ROOT) + " " + path;
            if (is.isMissingNode()) {
                found.add(place + " is gone");
                return;
            }
            parameters(place, was, is);
            sent(
                    place + " body",
                    was.at("/requestBody/content/application~1json/schema"),
                    is.at("/requestBody/content/application~1json/schema"));
            was.path("responses").properties().forEach(answer -> {
                JsonNode same = is.path("responses").path(answer.getKey());
                if (same.isMissingNode()) {
                    found.add(place + ": the answer " + answer.getKey() + " is gone");
                    return;
                }
                resolved(before, answer.getValue())
                        .path("content")
                        .properties()
                        .forEach(content -> answered(
                                place + " " + answer.getKey(),
                                content.getValue().path("schema"),
                                resolved(after, same)
                                        .path("content")
                                        .path(content.getKey())
                                        .path("schema")));
            });
        }

        private void parameters(String place, JsonNode was, JsonNode is) {
            for (JsonNode one : was.path("parameters")) {
                JsonNode known = resolved(before, one);
                JsonNode same = named(after, is, known.path("name").asString());
                if (same.isMissingNode()) {
                    found.add(place + ": the parameter " + known.path("name").asString() + " is gone");
                } else {
                    sent(place + " " + known.path("name").asString(), known.path("schema"), same.path("schema"));
                }
            }
            for (JsonNode one : is.path("parameters")) {
                JsonNode known = resolved(after, one);
                JsonNode earlier = named(before, was, known.path("name").asString());
                if (known.path("required").asBoolean(false)
                        && !earlier.path("required").asBoolean(false)) {
                    found.add(place + ": " + known.path("name").asString() + " has to be sent now");
                }
            }
        }

        private static JsonNode named(JsonNode root, JsonNode operation, String name) {
            for (JsonNode one : operation.path("parameters")) {
                JsonNode parameter = resolved(root, one);
                if (parameter.path("name").asString().equals(name)) {
                    return parameter;
                }
            }
            return operation.path("no such parameter");
        }

        /** What was taken has to be taken still. */
        private void sent(String place, JsonNode was, JsonNode is) {
            if (!isNew("sent", place, was)) {
                return;
            }
            JsonNode known = resolved(before, was);
            JsonNode same = resolved(after, is);
            types(place, types(known), types(same), "is not taken any more");
            values(place, known, same, "is not taken any more");
            known.path("properties").properties().forEach(key -> {
                String inner = place + "." + key.getKey();
                JsonNode there = same.path("properties").path(key.getKey());
                if (there.isMissingNode()) {
                    found.add(inner + ": " + key.getKey() + " may not be sent any more");
                } else {
                    sent(inner, key.getValue(), there);
                }
            });
            for (JsonNode key : same.path("required")) {
                if (!holds(known.path("required"), key.asString())) {
                    found.add(place + ": " + key.asString() + " has to be sent now");
                }
            }
            if (known.has("items")) {
                sent(place + "[]", known.path("items"), same.path("items"));
            }
        }

        /** What a client reads has to be there still, and nothing that it does not know in its place. */
        private void answered(String place, JsonNode was, JsonNode is) {
            if (!isNew("answered", place, was)) {
                return;
            }
            JsonNode known = resolved(before, was);
            JsonNode same = resolved(after, is);
            if (!types(known).isEmpty() && !types(same).containsAll(types(known))) {
                found.add(place + ": is another type, " + types(same));
            }
            if (types(same).contains("null") && !types(known).contains("null")) {
                found.add(place + ": may now be null too");
            }
            types(place, types(same), types(known), "is another type in an answer");
            values(place, same, known, "is new in an answer");
            known.path("properties").properties().forEach(key -> {
                String inner = place + "." + key.getKey();
                JsonNode there = same.path("properties").path(key.getKey());
                if (there.isMissingNode()) {
                    found.add(inner + ": " + key.getKey() + ": the key is gone");
                    return;
                }
                if (holds(known.path("required"), key.getKey()) && !holds(same.path("required"), key.getKey())) {
                    found.add(inner + ": no longer always there");
                }
                answered(inner, key.getValue(), there);
            });
            if (known.has("items")) {
                answered(place + "[]", known.path("items"), same.path("items"));
            }
            for (String several : List.of("oneOf", "anyOf", "allOf")) {
                for (int at = 0; at < known.path(several).size(); at++) {
                    answered(
                            place + " " + several + at,
                            known.path(several).path(at),
                            same.path(several).path(at));
                }
            }
        }

        private boolean isNew(String way, String place, JsonNode schema) {
            return !schema.isMissingNode()
                    && (!schema.has("$ref")
                            || seen.add(way + schema.path("$ref").asString()));
        }

        private void types(String place, Set<String> all, Set<String> among, String otherwise) {
            if (!among.isEmpty()) {
                all.stream()
                        .filter(type -> !among.contains(type))
                        .forEach(type -> found.add(place + ": " + type + " " + otherwise));
            }
        }

        private void values(String place, JsonNode all, JsonNode among, String otherwise) {
            if (among.has("enum")) {
                for (JsonNode value : all.path("enum")) {
                    if (!holds(among.path("enum"), value.asString(""))) {
                        found.add(place + ": " + value.asString("null") + " " + otherwise);
                    }
                }
            }
        }

        private static boolean holds(JsonNode list, String text) {
            for (JsonNode one : list) {
                if (one.asString("").equals(text)) {
                    return true;
                }
            }
            return false;
        }

        private static Set<String> types(JsonNode schema) {
            Set<String> types = new TreeSet<>();
            JsonNode type = schema.path("type");
            if (type.isArray()) {
                type.forEach(one -> types.add(one.asString()));
            } else if (!type.isMissingNode()) {
                types.add(type.asString());
            }
            return types;
        }
    }

    private static JsonNode resolved(JsonNode root, JsonNode node) {
        return node.has("$ref") ? root.at(node.path("$ref").asString().substring(1)) : node;
    }

    private static ObjectNode object(JsonNode api, String pointer) {
        return (ObjectNode) api.at(pointer);
    }

    private static ArrayNode array(JsonNode api, String pointer) {
        return (ArrayNode) api.at(pointer);
    }

    private static JsonNode document(String file) throws IOException {
        return YAMLMapper.builder().build().readTree(Files.readString(CONTRACTS.resolve(file)));
    }
}
