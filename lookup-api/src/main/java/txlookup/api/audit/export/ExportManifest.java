package txlookup.api.audit.export;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was exported at once. Each manifest names the digest of the one before it, whichever store that was of.
 *
 * @param number from 1 on, without gaps
 * @param previous SHA-256 of the manifest before, in hexadecimal; of the first, zeros
 * @param store which store the rows are of
 * @param file the file with the rows; absent when there are none
 * @param sha256 the file's
 * @param started chains of that store that are in no manifest before this one
 * @param ranges the rows in the file
 * @param heads where each of the store's chains stands in the export now: the anchors of a verification
 * @param closed whether the store takes no more rows and all of its rows are exported
 */
record ExportManifest(
        long number,
        String previous,
        String store,
        Instant at,
        @Nullable String file,
        @Nullable String sha256,
        long rows,
        List<Started> started,
        List<Range> ranges,
        List<Head> heads,
        boolean closed) {

    static final String FOLDER = "manifests";
    static final String NONE_BEFORE = "0".repeat(64);

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    /** A chain as the store began it. */
    record Started(long chainId, Instant startedAt, String writer, String previousHash, String startHash) {}

    /** Rows of one chain, both inclusive. */
    record Range(long chainId, long from, long to) {}

    /** The last exported row of a chain, and its hash. */
    record Head(long chainId, long sequence, String hash) {}

    static String name(long number) {
        return "%s/%012d.json".formatted(FOLDER, number);
    }

    /** @throws IllegalStateException for a name that is no manifest's */
    static long number(String name) {
        String digits = name.substring(FOLDER.length() + 1).replace(".json", "");
        if (!digits.matches("\\d{12}")) {
            throw new IllegalStateException("%s is no manifest of an audit export".formatted(name));
        }
        return Long.parseLong(digits);
    }

    byte[] bytes() {
        return JSON.writeValueAsBytes(this);
    }

    /** @throws IllegalStateException when it is none */
    static ExportManifest of(String name, byte[] bytes) {
        try {
            return JSON.readValue(bytes, ExportManifest.class);
        } catch (JacksonException e) {
            throw new IllegalStateException(
                    "%s is no manifest of an audit export: %s".formatted(name, e.getOriginalMessage()), e);
        }
    }
}
