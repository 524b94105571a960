package txlookup.backfill.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import txlookup.apply.Entity;

/** The inputs that a path stands for: a file, all files of a folder, or standard input. */
public final class ExtractFiles {
    private ExtractFiles() {}

    /**
     * Looks a path up.
     *
     * @param path a file of JSON lines or CSV, plain, gzip or zstd; a folder of such; or {@code -}
     * @param standardInput what {@code -} reads
     * @throws IllegalArgumentException when a folder holds no such file
     */
    public static List<Input> at(Path path, Entity entity, InputStream standardInput) throws IOException {
        if (path.toString().equals(StandardInput.NAME)) {
            return List.of(new StandardInput(standardInput, entity));
        }
        if (!Files.isDirectory(path)) {
            return List.of(file(path, entity));
        }
        try (Stream<Path> files = Files.list(path)) {
            List<Input> inputs = files.filter(file -> isExtract(file.toString()) && Files.isRegularFile(file))
                    .sorted()
                    .map(file -> file(file, entity))
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

    private static Input file(Path file, Entity entity) {
        return Compression.bare(file.toString()).endsWith(".csv")
                ? new CsvInput(file, entity)
                : new NdjsonInput(file, entity);
    }
}
