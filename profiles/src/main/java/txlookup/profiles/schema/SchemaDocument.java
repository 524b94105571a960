package txlookup.profiles.schema;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A JSON schema that judges a tree and can be asked about a property. */
public final class SchemaDocument {

    /** JSON schema 2020-12 and the two words that our messages need: what to want, and what never to show. */
    private static final Dialect DIALECT = Dialect.builder(Dialects.getDraft202012())
            .keyword(new NonValidationKeyword("x-wanted"))
            .keyword(new NonValidationKeyword("x-hidden"))
            .build();

    private final ObjectNode root;
    private final Schema schema;

    private SchemaDocument(String text) {
        this.root = (ObjectNode) JsonMapper.shared().readTree(text);
        this.schema = SchemaRegistry.withDialect(DIALECT).getSchema(text, InputFormat.JSON);
    }

    /** Loads a schema that came with the program. */
    public static SchemaDocument load(String resource) {
        try (InputStream in = SchemaDocument.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the program was packaged without " + resource);
            }
            return new SchemaDocument(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + resource, unreadable);
        }
    }

    public PropertySchema root() {
        return new PropertySchema(root);
    }

    /** Every place where the tree breaks the schema, one violation a place, in the order found. */
    public List<SchemaViolation> check(ObjectNode tree) {
        Map<List<String>, SchemaViolation> firstAtPlace = new LinkedHashMap<>();
        for (Error error : schema.validate(tree)) {
            SchemaViolation violation = violation(error);
            firstAtPlace.putIfAbsent(violation.segments(), violation);
        }
        return List.copyOf(firstAtPlace.values());
    }

    /** What the schema says about the property at that place, if it knows it. */
    public Optional<PropertySchema> at(List<String> segments) {
        ObjectNode here = root;
        for (String segment : segments) {
            JsonNode next = here.path("properties").path(segment);
            if (next.isMissingNode()) {
                next = here.path("items");
            }
            if (!(next instanceof ObjectNode found)) {
                return Optional.empty();
            }
            here = resolved(found);
        }
        return Optional.of(new PropertySchema(here));
    }

    private SchemaViolation violation(Error error) {
        List<String> segments = new ArrayList<>();
        for (int i = 0; i < error.getInstanceLocation().getNameCount(); i++) {
            segments.add(error.getInstanceLocation().getName(i));
        }
        if (error.getProperty() != null) {
            segments.add(error.getProperty());
        }
        SchemaViolation.Kind kind =
                switch (error.getKeyword()) {
                    case "required" -> SchemaViolation.Kind.MISSING;
                    case "additionalProperties" -> SchemaViolation.Kind.UNKNOWN;
                    default -> SchemaViolation.Kind.VALUE;
                };
        JsonNode seen = error.getInstanceNode();
        return new SchemaViolation(kind, List.copyOf(segments), seen, at(segments));
    }

    /** Follows a reference into {@code $defs}; what stands beside it wins over what it points to. */
    private ObjectNode resolved(ObjectNode node) {
        if (!node.has("$ref")) {
            return node;
        }
        String pointer = node.path("$ref").asString().substring(1);
        ObjectNode merged = resolved((ObjectNode) root.at(pointer)).deepCopy();
        node.properties().forEach(entry -> {
            if (entry.getKey().equals("properties") && merged.path("properties") instanceof ObjectNode inherited) {
                entry.getValue()
                        .properties()
                        .forEach(property -> inherited.set(property.getKey(), property.getValue()));
            } else if (!entry.getKey().equals("$ref")) {
                merged.set(entry.getKey(), entry.getValue());
            }
        });
        return merged;
    }
}
