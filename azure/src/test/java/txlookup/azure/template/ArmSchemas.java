package txlookup.azure.template;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The published schemas of Azure's resources, from the folder beside the checkout. They are closed before they judge: as
 * published they pass over a property whose name is misspelt.
 */
final class ArmSchemas {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PUBLISHED = "https://schema.management.azure.com/schemas/";
    private static final Set<String> OF_EVERY_RESOURCE = Set.of("condition", "dependsOn", "scope");

    private final Path folder;
    private final SchemaRegistry registry;

    private ArmSchemas(Path folder) throws IOException {
        this.folder = folder;
        Map<String, String> all = new HashMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".json")).toList()) {
                all.put(PUBLISHED + folder.relativize(file).toString(), closed(JSON.readTree(Files.readString(file))));
            }
        }
        registry = SchemaRegistry.withDialect(Dialects.getDraft4(), builder -> builder.schemas(all));
    }

    /**
     * The schemas in the folder {@code schemas.dir}; empty, and said so, where it is not, but a failure where CI is set.
     * With {@code SCHEMAS_DIR=none} somebody said that there are none.
     */
    static Optional<ArmSchemas> beside(Path checkout) throws IOException {
        String beside = checkout.resolve("../shared/schemas/arm").toString();
        Path folder = Path.of(System.getProperty("schemas.dir", beside)).normalize();
        if (!Files.isDirectory(folder)) {
            if (System.getenv("CI") != null && !"none".equals(System.getenv("SCHEMAS_DIR"))) {
                throw new IllegalStateException("no template is checked: there is no " + folder.toAbsolutePath());
            }
            System.out.println(
                    "NOT VALIDATED against Azure's published schemas: there is no " + folder.toAbsolutePath());
            return Optional.empty();
        }
        return Optional.of(new ArmSchemas(folder));
    }

    /** What is wrong with the file around the resources. */
    List<String> envelope(ObjectNode template) {
        return errors("2019-04-01/deploymentTemplate.json", "", template);
    }

    /** What is wrong with a file of parameters. */
    List<String> parameters(ObjectNode parameters) {
        return errors("2019-04-01/deploymentParameters.json", "", parameters);
    }

    /** What is wrong with a resource; empty and not judged where its schema is not in the folder. */
    Optional<List<String>> resource(JsonNode resource) throws IOException {
        String type = resource.path("type").asString();
        String provider = type.substring(0, type.indexOf('/'));
        String name = type.substring(type.indexOf('/') + 1).replace('/', '_');
        Path version = folder.resolve(resource.path("apiVersion").asString());
        if (!Files.isDirectory(version)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(version)) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith(provider + "."))
                    .toList()) {
                JsonNode schema = JSON.readTree(Files.readString(file));
                for (String section : List.of("resourceDefinitions", "unknown_resourceDefinitions")) {
                    if (schema.path(section).has(name)) {
                        return Optional.of(errors(
                                folder.relativize(file).toString(),
                                "#/" + section + "/" + name,
                                withoutTemplateFields(resource)));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private List<String> errors(String file, String pointer, JsonNode node) {
        Schema schema = registry.getSchema(SchemaLocation.of(PUBLISHED + file + pointer));
        return schema.validate(node).stream().map(Error::toString).toList();
    }

    private static JsonNode withoutTemplateFields(JsonNode resource) {
        ObjectNode copy = (ObjectNode) resource.deepCopy();
        OF_EVERY_RESOURCE.forEach(copy::remove);
        withoutNulls(copy);
        wholeProcessors(copy);
        // A child's name is judged by its last part, and only once it is a name: as an expression two rules take it.
        String name = copy.path("name").asString();
        boolean expression = Expression.isExpression(name) && !name.startsWith("[guid(");
        if (name.matches(".*/default('.*)?")) {
            return copy.put(
                    "name", "alatername/default"); // the only child of its kind is judged with its parent's name
        }
        return copy.put("name", expression ? "alatername" : name.substring(name.lastIndexOf('/') + 1));
    }

    /** A property that is null is one that is not given. */
    private static void withoutNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.removeNulls();
        }
        node.forEach(ArmSchemas::withoutNulls);
    }

    /** As published, a container takes whole processors only; Azure's own documentation has 0.5. */
    private static void wholeProcessors(JsonNode node) {
        if (node instanceof ObjectNode object && object.path("cpu").isNumber()) {
            object.put("cpu", 1);
        }
        node.forEach(ArmSchemas::wholeProcessors);
    }

    private static String closed(JsonNode schema) {
        if (schema.path("definitions").has("resource") && schema instanceof ObjectNode template) {
            // Each resource is judged by itself; the list of every schema that Azure has is not here.
            ((ObjectNode) template.path("definitions")).putObject("resource").put("type", "object");
        }
        close(schema);
        return schema.toString();
    }

    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("properties").isObject()
                && object.path("type").asString("").equals("object")
                && !object.has("additionalProperties")
                && !object.has("oneOf")
                && !object.has("allOf")
                && !object.has("anyOf")) {
            object.put("additionalProperties", false);
        }
        node.forEach(ArmSchemas::close);
    }
}
