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
import java.util.ServiceLoader;
import txlookup.apply.model.Entity;

/** The inputs that a path or an address stands for: a file, all files of a folder, or standard input. */
public final class ExtractFiles {
    private ExtractFiles() {}

    /** As {@link #at(String, Entity, InputStream)}, of this machine. */
    public static List<Input> at(Path path, Entity entity, InputStream standardInput) throws IOException {
        return at(path.toString(), entity, standardInput);
    }

    /**
     * Looks a path or an address up.
     *
     * @param where a file of JSON lines or CSV, plain, gzip or zstd; a folder of such; or {@code -}
     * @param standardInput what {@code -} reads
     * @throws IllegalArgumentException when a folder holds no such file, or a manifest does not fit its files
     */
    public static List<Input> at(String where, Entity entity, InputStream standardInput) throws IOException {
        if (StandardInput.isMeant(where)) {
            return List.of(new StandardInput(standardInput, entity));
        }
        Optional<ExtractFolder.Place> elsewhere = elsewhere(where);
        if (elsewhere.isPresent()) {
            int end = isExtract(where) ? where.lastIndexOf('/') : where.length();
            return in(
                    elsewhere.get().folder(where.substring(0, end)),
                    Optional.of(where.substring(end))
                            .filter(file -> !file.isEmpty())
                            .map(file -> file.substring(1)),
                    entity);
        }
        Path path = Path.of(where);
        if (Files.isDirectory(path)) {
            return in(new ExtractFolder.Local(path), Optional.empty(), entity);
        }
        Path folder = Objects.requireNonNull(path.toAbsolutePath().getParent());
        return List.of(described(
                ExtractManifest.in(new ExtractFolder.Local(folder)),
                path.getFileName().toString(),
                new ExtractFile.Local(path),
                entity));
    }

    /**
     * The file of that name in a folder, or all that are in it.
     *
     * @throws IllegalArgumentException when it holds none, or a manifest does not fit its files
     */
    public static List<Input> in(ExtractFolder folder, Optional<String> file, Entity entity) throws IOException {
        Optional<ExtractManifest> manifest = ExtractManifest.in(folder);
        if (file.isPresent()) {
            return List.of(described(manifest, file.get(), folder.file(file.get()), entity));
        }
        if (manifest.isPresent()) {
            manifest.get().requireAllThere(folder);
        }
        List<Input> inputs = folder.names().stream()
                .filter(ExtractFiles::isExtract)
                .map(name -> described(manifest, name, folder.file(name), entity))
                .toList();
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s holds no extract: wanted *.ndjson or *.csv, plain, .gz or .zst".formatted(folder.name()));
        }
        return inputs;
    }

    /** What the process that is told of it finds from any working directory. */
    public static String absolute(String where) {
        return StandardInput.isMeant(where) || elsewhere(where).isPresent()
                ? where
                : Path.of(where).toAbsolutePath().toString();
    }

    /** Whether other machines find it too. */
    public static boolean isElsewhere(String where) {
        return elsewhere(where).isPresent();
    }

    private static Optional<ExtractFolder.Place> elsewhere(String where) {
        return ServiceLoader.load(ExtractFolder.Place.class, ExtractFiles.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(place -> place.isMeant(where))
                .findFirst();
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

    private static Input described(Optional<ExtractManifest> manifest, String name, ExtractFile file, Entity entity) {
        Input input =
                Compression.bare(name).endsWith(".csv") ? new CsvInput(file, entity) : new NdjsonInput(file, entity);
        return manifest.map(found -> found.describing(name, input)).orElse(input);
    }
}
