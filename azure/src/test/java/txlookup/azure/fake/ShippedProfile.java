package txlookup.azure.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import txlookup.profiles.ResolvedProfile;

/** The profile that came with a container, and what becomes of it on this machine. */
final class ShippedProfile {
    private final String shipped;
    private final String text;
    private final ObjectNode tree;

    /** @throws IllegalStateException when the container was told the digest of another one */
    ShippedProfile(FakeServices.Container container) {
        List<String> arguments = container.arguments();
        this.shipped = arguments.get(arguments.indexOf("--profile") + 1);
        this.text = container.files().getOrDefault(shipped, "");
        if (!ResolvedProfile.digest(text).equals(container.variables().get(ResolvedProfile.DIGEST))) {
            throw new IllegalStateException(
                    "the container's profile %s is not the one of its digest".formatted(shipped));
        }
        this.tree = (ObjectNode) JsonMapper.shared().readTree(text);
    }

    /** Its path in the container. */
    String path() {
        return shipped;
    }

    /** How names of its environment end. */
    String end() {
        return "-%s-%s"
                .formatted(
                        tree.path("naming").path("owner").asString(""),
                        tree.path("naming").path("env").asString(""));
    }

    /** The address of the Kafka that it names in place of a namespace. */
    Optional<String> otherKafka() {
        String security = tree.path("messaging").path("security").asString("");
        return security.equals("SCRAM") || security.equals("PLAIN")
                ? Optional.of(tree.path("messaging").path("bootstrapServers").asString(""))
                : Optional.empty();
    }

    /** Writes it as it came, for who reaches an environment through the resource manager alone. */
    String writeAsItIs(Path file) {
        return write(file, text);
    }

    /** Writes what this machine's process reads in its place: stage local, and what is here. Answers its digest. */
    String write(Path file, Map<String, String> here) {
        tree.put("stage", "local");
        here.forEach((path, value) -> {
            ObjectNode section = tree;
            String[] names = path.split("\\.", -1);
            for (int i = 0; i + 1 < names.length; i++) {
                section = section.withObject("/" + names[i]);
            }
            String name = names[names.length - 1];
            if (value.matches("\\d+")) {
                section.put(name, Long.parseLong(value));
            } else {
                section.put(name, value);
            }
        });
        return write(file, tree.toPrettyString());
    }

    private static String write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be written".formatted(file), e);
        }
        return ResolvedProfile.digest(text);
    }
}
