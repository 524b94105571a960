package txlookup.gate.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** An observation as a JSON file; the same observation is the same bytes. */
public final class ObservationFile {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ObservationFile() {}

    public static void write(Observation observation, Path file) throws IOException {
        Files.write(file, bytes(observation));
    }

    /**
     * Reads one that was written.
     *
     * @throws IllegalArgumentException when it is none, or one of another shape
     */
    public static Observation read(Path file) throws IOException {
        try {
            Observation observation = JSON.readValue(Files.readAllBytes(file), Observation.class);
            if (!Observation.FORMAT.equals(observation.format())) {
                throw new IllegalArgumentException("%s is a %s; this build reads %s: record it again"
                        .formatted(file, observation.format(), Observation.FORMAT));
            }
            return observation;
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "%s is not an observation: %s; record one with --record".formatted(file, e.getOriginalMessage()),
                    e);
        }
    }

    public static byte[] bytes(Observation observation) {
        return (JSON.writeValueAsString(observation) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
