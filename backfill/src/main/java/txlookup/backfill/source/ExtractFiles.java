package txlookup.backfill.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import txlookup.apply.model.Entity;

/** The inputs that a path stands for: a file, all files of a folder, or standard input. */
public final class ExtractFiles {
    private ExtractFiles() {}

    /**
     * Looks a path up.
     *
     * @param path a file of JSON lines or CSV, plain, gzip or zstd; a folder of such; or {@code -}
     * @param standardInput what {@code -} reads
     * @throws IllegalArgumentException when a folder holds no such file, or a manifest does not fit its files
     */
    public static List<Input> at(Path path, Entity entity, InputStream standardInput) throws IOException {
        if (StandardInput.isMeant(path)) {
            return List.of(new StandardInput(standardInput, entity));
        }
        if (!Files.isDirectory(path)) {
            Path folder = Objects.requireNonNull(path.toAbsolutePath().getParent());
            return List.of(described(ExtractManifest.in(folder), path, entity));
        }
        Optional<ExtractManifest> manifest = ExtractManifest.in(path);
        manifest.ifPresent(ExtractManifest::requireAllThere);
        try (Stream<Path> files = Files.list(path)) {
            List<Input> inputs = files.filter(file -> isExtract(file.toString()) && Files.isRegularFile(file))
                    .sorted()
                    .map(file -> described(manifest, file, entity))
                    .toList();
            if (inputs.isEmpty()) {
                throw new IllegalArgumentException(
                        "%s holds no extract: wanted *.ndjson or *.csv, plain, .gz or .zst".formatted(path));
            }
            return inputs;
        }
    }

    private static boolean isExtract(String name) {
        String bare = Compression.bare(name);
        return bare.endsWith(".ndjson") || bare.endsWith(".csv");
    }

    /**
     * Since when the log has to be read so that it follows what some inputs hold.
     *
     * @param asOf when the files were read, as the profile says ({@code backfill.asOf})
     * @param pinned the same for files that say nothing themselves, as an earlier run of the generation knew it
     * @return when the file that was read first was read; empty where the run reads its source itself
     * @throws IllegalArgumentException when nothing says when a file was read, or a manifest and the profile differ
     */
    public static Optional<Instant> asOf(
            List<? extends Input> inputs, Optional<Instant> asOf, Optional<Instant> pinned) {
        return inputs.stream()
                .filter(input -> !input.isReadByTheRun())
                .map(input -> asOf(input, asOf, pinned))
                .min(Comparator.naturalOrder())
                .map(instant -> instant.truncatedTo(ChronoUnit.MICROS)); // as the store keeps it
    }

    private static Instant asOf(Input input, Optional<Instant> asOf, Optional<Instant> pinned) {
        Optional<Instant> own = input.readAt();
        if (own.isPresent() && asOf.isPresent() && !own.equals(asOf)) {
            throw new IllegalArgumentException(
                    "%s: %s beside it says that it was read at %s, and backfill.asOf says %s; give the right one of the two alone"
                            .formatted(input.name(), ExtractManifest.NAME, own.get(), asOf.get()));
        }
        return own.or(() -> asOf)
                .or(() -> pinned)
                .orElseThrow(() -> new IllegalArgumentException(
                        ("%s: nothing says when it was read, so the start of the stream is unknown. "
                                        + "Give backfill.asOf (--as-of 2026-11-21T01:07:33Z), the instant before its reading began, or put %s with asOf beside it")
                                .formatted(input.name(), ExtractManifest.NAME)));
    }

    private static Input described(Optional<ExtractManifest> manifest, Path path, Entity entity) {
        Input file = file(path, entity);
        return manifest.map(found -> found.describing(path, file)).orElse(file);
    }

    private static Input file(Path file, Entity entity) {
        return Compression.bare(file.toString()).endsWith(".csv")
                ? new CsvInput(file, entity)
                : new NdjsonInput(file, entity);
    }
}
