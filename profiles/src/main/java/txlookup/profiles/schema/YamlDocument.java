package txlookup.profiles.schema;

import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * A YAML file that has been read but not judged.
 *
 * @param origin where it came from, as a problem names it
 * @param tree its properties
 */
public record YamlDocument(String origin, ObjectNode tree) {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Reads the text, or says in {@code problems} why it cannot be read. */
    public static Optional<YamlDocument> parse(String origin, String text, List<ProfileProblem> problems) {
        JsonNode root;
        try {
            if (hasAlias(text)) {
                problems.add(new ProfileProblem("(file)", "an alias (*name)", "every value written out", origin));
                return Optional.empty();
            }
            root = YAML.readTree(text);
        } catch (JacksonException notYaml) {
            // The parser's message quotes the file, which may hold a secret put there by mistake; the place is enough.
            int line = notYaml.getLocation() == null ? 0 : notYaml.getLocation().getLineNr();
            String seen = line > 0 ? "text that is not YAML at line " + line : "text that is not YAML";
            problems.add(new ProfileProblem("(file)", seen, "one YAML document, each property once", origin));
            return Optional.empty();
        }
        if (root instanceof ObjectNode tree) {
            return Optional.of(new YamlDocument(origin, tree));
        }
        problems.add(new ProfileProblem("(file)", "no properties", "one YAML document of properties", origin));
        return Optional.empty();
    }

    /** The tree would hold an alias's name in place of what it stands for. */
    private static boolean hasAlias(String text) {
        try (YAMLParser parser = (YAMLParser) YAML.createParser(text)) {
            while (parser.nextToken() != null) {
                if (parser.isCurrentAlias()) {
                    return true;
                }
            }
            return false;
        }
    }
}
