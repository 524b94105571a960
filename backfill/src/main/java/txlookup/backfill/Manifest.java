package txlookup.backfill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import txlookup.apply.model.Entity;
import txlookup.apply.store.position.SourceCounts;

/**
 * What a backfill read and what became of it; kept with the rebuild's evidence. For every line, {@code rows} equals
 * {@code applied + stale + duplicate + rejected}.
 *
 * @param cutover {@code T_cutover} as pinned before the first row was read
 * @param elapsed how long this run took; an earlier run's time is not in it
 */
public record Manifest(long generation, Instant cutover, List<Line> inputs, Duration elapsed) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public Manifest {
        inputs = List.copyOf(inputs);
    }

    /**
     * One input.
     *
     * @param name the file or table
     * @param asOf when it was read; the rows of a table carry the instant of their own snapshot
     * @param sha256 the file's digest in hexadecimal, compressed as it is; null where there is no file to compare with
     * @param counts rows read, by what became of them
     */
    public record Line(
            String name,
            Entity entity,
            Instant asOf,
            @Nullable String sha256,
            SourceCounts counts) {}

    /**
     * Checks the manifest against itself: every row of every input is accounted for.
     *
     * @throws IllegalStateException naming the input whose rows are not
     */
    void check() {
        for (Line line : inputs) {
            SourceCounts counts = line.counts();
            long accounted = counts.applied() + counts.stale() + counts.duplicate() + counts.dead();
            if (counts.consumed() != accounted) {
                throw new IllegalStateException(
                        "%s: %,d rows were read and %,d are accounted for; begin a new generation"
                                .formatted(line.name(), counts.consumed(), accounted));
            }
        }
    }

    /** Writes it as JSON, whole or not at all. */
    public void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.write(part, JSON.writeValueAsBytes(this));
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Rows read from all inputs. */
    public long rows() {
        return inputs.stream().mapToLong(line -> line.counts().consumed()).sum();
    }

    /** Rows set aside as dead letters. */
    public long rejected() {
        return inputs.stream().mapToLong(line -> line.counts().dead()).sum();
    }
}
