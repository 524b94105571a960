package txlookup.rebuild.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import txlookup.profiles.naming.GenerationNumber;

/**
 * What a rebuild must remember from before there is a database: its generation, so that a killed rebuild goes on as the
 * one that it was. Where it stands beyond that is asked of the resources themselves, step by step.
 *
 * @param generation the generation's number
 * @param cutover {@code T_cutover}
 * @param verdict {@code GO} or {@code NO_GO} once it is decided; null while it runs
 */
public record Journal(
        long generation, Instant cutover, @Nullable String verdict) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A new rebuild, with the cutover now; in the same second as an earlier one, a second later, for numbers grow. */
    public static Journal begin(Instant now, Optional<Journal> earlier) {
        Instant cutover = now.truncatedTo(ChronoUnit.SECONDS);
        if (earlier.isPresent() && !cutover.isAfter(earlier.get().cutover())) {
            cutover = earlier.get().cutover().plusSeconds(1);
        }
        return new Journal(GenerationNumber.fromCutover(cutover).value(), cutover, null);
    }

    /** The journal in that file; empty where none was begun. */
    public static Optional<Journal> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), Journal.class));
        } catch (JacksonException e) {
            throw new IOException(
                    "%s is not the journal of a rebuild (%s); delete it, and the next rebuild starts from nothing"
                            .formatted(file, e.getOriginalMessage()),
                    e);
        }
    }

    /** Whether this rebuild was begun and not decided. */
    public boolean isOpen() {
        return verdict == null;
    }

    public Journal decided(Decision decision) {
        return new Journal(generation, cutover, decision.verdict());
    }

    /** Replaces the file at once: a kill leaves the old journal or the new one. */
    public void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.write(part, JSON.writeValueAsBytes(this));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
