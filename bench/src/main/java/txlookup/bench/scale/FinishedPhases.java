package txlookup.bench.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file in the data folder with a line for each phase that is finished: its figures, and the machine as it was. A run that
 * was killed is resumed after the last of them.
 */
public final class FinishedPhases {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final Map<String, Map<String, Object>> figures = new LinkedHashMap<>();

    private FinishedPhases(Path file) {
        this.file = file;
    }

    public static FinishedPhases in(Path folder) throws IOException {
        Files.createDirectories(folder);
        FinishedPhases finished = new FinishedPhases(folder.resolve("phases.ndjson"));
        if (Files.exists(finished.file)) {
            for (String line : Files.readAllLines(finished.file)) {
                finished.read(line);
            }
        }
        return finished;
    }

    @SuppressWarnings("unchecked")
    private void read(String line) {
        try {
            Map<String, Object> phase = JSON.readValue(line, Map.class);
            figures.put((String) phase.get("phase"), (Map<String, Object>) phase.get("figures"));
        } catch (JacksonException e) {
            System.err.println("A line of " + file + " is torn, so its phase is measured again: " + e.getMessage());
        }
    }

    public Path file() {
        return file;
    }

    public boolean has(String phase) {
        return figures.containsKey(phase);
    }

    public void finish(String phase, String machine, Map<String, Object> seen) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("phase", phase);
        line.put("machine", machine);
        line.put("figures", seen);
        // A torn line before it must not take this one with it.
        String before = Files.exists(file) && !Files.readString(file).endsWith("\n") ? "\n" : "";
        Files.writeString(
                file,
                before + JSON.writeValueAsString(line) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                StandardOpenOption.SYNC);
        figures.put(phase, seen);
    }

    /** A figure of any phase of a point. */
    public Optional<Double> number(ScalePoint point, String name) {
        return figures.entrySet().stream()
                .filter(phase -> phase.getKey().startsWith(point.name() + "/"))
                .map(phase -> phase.getValue().get(name))
                .filter(Number.class::isInstance)
                .map(value -> ((Number) value).doubleValue())
                .findFirst();
    }

    /** All figures of a point, each with the point's name before its own. */
    public Map<String, Object> of(ScalePoint point) {
        Map<String, Object> all = new LinkedHashMap<>();
        figures.forEach((phase, seen) -> {
            if (phase.startsWith(point.name() + "/")) {
                seen.forEach((name, value) -> all.put(point.name() + "_" + name, value));
            }
        });
        return all;
    }

    /** The largest number of bytes an entry that a finished point measured. */
    Optional<Double> bytesAnEntry() {
        return figures.values().stream()
                .map(seen -> seen.get("bytes_an_entry"))
                .filter(Number.class::isInstance)
                .map(value -> ((Number) value).doubleValue())
                .max(Double::compare);
    }
}
