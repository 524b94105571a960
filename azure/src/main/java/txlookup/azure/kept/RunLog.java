package txlookup.azure.kept;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.azure.blob.BlobFolder;

/** What one run within an environment says, and how it ended, in blobs of its own. */
public final class RunLog {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String RUNS = "runs";
    private static final String BEGUN = "begun.json";
    private static final String LINES = "lines.txt";
    private static final String ENDED = "ended.json";

    private final BlobFolder blobs;
    private final String folder;

    /** @param execution Azure's name of the run */
    public RunLog(BlobFolder blobs, String execution) {
        this.blobs = blobs;
        this.folder = RUNS + "/" + execution + "/";
    }

    /**
     * How a run began.
     *
     * @param command what it runs
     */
    public record Begun(Instant at, List<String> command) {}

    /** The newest run that said that it began; empty where none did. */
    public static Optional<String> newest(BlobFolder blobs) throws IOException {
        List<String> begun = blobs.names(RUNS).stream()
                .filter(name -> name.endsWith("/" + BEGUN))
                .toList();
        Optional<String> newest = Optional.empty();
        Instant latest = Instant.MIN;
        for (String name : begun) {
            Instant at =
                    JSON.readValue(blobs.read(name).orElseThrow(), Begun.class).at();
            if (at.isAfter(latest)) {
                latest = at;
                newest = Optional.of(name.split("/", -1)[1]);
            }
        }
        return newest;
    }

    public void begin(Begun begun) throws IOException {
        blobs.create(folder + BEGUN, JSON.writeValueAsBytes(begun));
    }

    public void tell(String lines) throws IOException {
        blobs.append(folder + LINES, lines.getBytes(UTF_8));
    }

    /** All whole lines so far; what was said may grow. */
    public String told() throws IOException {
        String all = blobs.read(folder + LINES)
                .map(bytes -> new String(bytes, UTF_8))
                .orElse("");
        return all.substring(0, all.lastIndexOf('\n') + 1);
    }

    public void end(int exitCode) throws IOException {
        blobs.create(
                folder + ENDED,
                JSON.writeValueAsBytes(JSON.createObjectNode()
                        .put("exitCode", exitCode)
                        .put("at", Instant.now().toString())));
    }

    /** The exit code; empty where the run did not come to say it. */
    public OptionalInt exitCode() throws IOException {
        Optional<byte[]> ended = blobs.read(folder + ENDED);
        if (ended.isEmpty()) {
            return OptionalInt.empty();
        }
        JsonNode body = JSON.readTree(ended.get());
        return OptionalInt.of(body.path("exitCode").asInt(-1));
    }
}
