package txlookup.backfill.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code extract.json} says of the files beside it ({@code contracts/extract.schema.json}).
 *
 * @param file the manifest's own name
 * @param asOf when the source was read: every change that was committed before is in the files
 * @param files what the files hold; empty where the manifest lists none, and holds for all files of its folder
 */
record ExtractManifest(String file, Instant asOf, List<Listed> files) {
    static final String NAME = "extract.json";

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    ExtractManifest {
        files = List.copyOf(files);
    }

    /**
     * One file as its manifest lists it.
     *
     * @param name its name in the folder
     * @param rows how many rows it holds; null where the manifest does not say
     * @param sha256 the digest of its bytes, compressed as it is, in hexadecimal; null where the manifest does not say
     */
    public record Listed(
            String name, @Nullable Long rows, @Nullable String sha256) {}

    /**
     * The manifest of a folder; empty where it has none.
     *
     * @throws IllegalArgumentException when the manifest is not as its schema says, with what is wrong
     */
    static Optional<ExtractManifest> in(ExtractFolder folder) throws IOException {
        if (!folder.has(NAME)) {
            return Optional.empty();
        }
        String file = folder.file(NAME).name();
        JsonNode root;
        try (InputStream bytes = Channels.newInputStream(folder.file(NAME).open())) {
            root = JsonMapper.shared().readTree(bytes);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("%s is not JSON: %s".formatted(file, e.getOriginalMessage()), e);
        }
        List<Listed> files = new ArrayList<>();
        for (JsonNode listed : root.path("files")) {
            files.add(listed(file, listed));
        }
        return Optional.of(new ExtractManifest(file, asOf(file, root.path("asOf")), files));
    }

    private static Instant asOf(String file, JsonNode node) {
        try {
            return Instant.parse(node.asString(""));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "%s: asOf is %s; wanted when the source was read, as 2026-11-21T01:07:33Z"
                            .formatted(file, node.isMissingNode() ? "missing" : node),
                    e);
        }
    }

    private static Listed listed(String file, JsonNode node) {
        String name = node.path("name").asString("");
        JsonNode rows = node.path("rows");
        JsonNode sha256 = node.path("sha256");
        boolean valid = !name.isEmpty()
                && (rows.isMissingNode() || (rows.isIntegralNumber() && rows.asLong() >= 0))
                && (sha256.isMissingNode()
                        || SHA_256.matcher(sha256.asString("")).matches());
        if (!valid) {
            throw new IllegalArgumentException(
                    "%s lists %s; wanted a name, and if given rows as a number and sha256 as 64 hexadecimal digits in lower case"
                            .formatted(file, node));
        }
        return new Listed(
                name, rows.isMissingNode() ? null : rows.asLong(), sha256.isMissingNode() ? null : sha256.asString());
    }

    /**
     * A file with what this manifest says of it.
     *
     * @throws IllegalArgumentException when the manifest lists files, and this one is not among them
     */
    Input describing(String name, Input input) {
        if (files.isEmpty()) {
            return new DescribedFile(input, this.file, asOf, null);
        }
        Listed found = files.stream()
                .filter(listed -> listed.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s does not list %s, so nothing says when that was read. Add it, or take it out of the folder"
                                .formatted(this.file, name)));
        return new DescribedFile(input, this.file, asOf, found);
    }

    /** @throws IllegalArgumentException when a listed file is not in the folder */
    void requireAllThere(ExtractFolder folder) throws IOException {
        for (Listed listed : files) {
            if (!folder.has(listed.name())) {
                throw new IllegalArgumentException(
                        "%s lists %s, which is not there. Take the whole extract".formatted(file, listed.name()));
            }
        }
    }
}
