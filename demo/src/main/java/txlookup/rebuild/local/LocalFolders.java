package txlookup.rebuild.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the local environment keeps what it has. The folder is marked, and only a marked one is ever deleted.
 *
 * @param root the data folder, {@code .txlookup} unless the profile says otherwise
 */
public record LocalFolders(Path root) {
    private static final String MARK = "txlookup-local-environment";

    Path postgres() {
        return root.resolve("postgres");
    }

    Path kafka() {
        return root.resolve("kafka");
    }

    Path secrets() {
        return root.resolve("secrets");
    }

    /** One folder for each generation that was loaded from an extract made here. */
    Path extracts() {
        return root.resolve("extract");
    }

    Path extract(long generation) {
        return extracts().resolve(Long.toString(generation));
    }

    /** What the processes write. */
    public Path log(String process) {
        return root.resolve("logs").resolve(process + ".log");
    }

    /** Where pid files and addresses of the processes are. */
    Path run() {
        return root.resolve("run");
    }

    Path pid(String process) {
        return run().resolve(process + ".pid");
    }

    /** Where a process answers: one address. */
    Path address(String process) {
        return run().resolve(process + ".address");
    }

    /** Held by the process that starts or stops the environment. */
    Path lock() {
        return run().resolve("lock");
    }

    /** Held by the process that rebuilds. */
    Path rebuildLock() {
        return run().resolve("rebuild.lock");
    }

    /** The rebuild by which the environment was made, or is being made. */
    public Path journal() {
        return root.resolve("rebuild.json");
    }

    /** The latest rebuild beside what serves. */
    public Path besideJournal() {
        return root.resolve("rebuild-beside.json");
    }

    /** There while what the folder holds was made by a demo, which may therefore make it again. */
    Path demoMark() {
        return root.resolve("made-by-demo");
    }

    /** One folder a generation. */
    public Path evidence() {
        return root.resolve("evidence");
    }

    /** Makes and marks the folder; one that is there and holds something else is refused. */
    void make() throws IOException {
        if (Files.isDirectory(root) && !isMarked()) {
            try (Stream<Path> inside = Files.list(root)) {
                if (inside.findAny().isPresent()) {
                    throw new IOException(
                            "%s is not a local environment; name another folder with --set local.dataFolder=..."
                                    .formatted(root));
                }
            }
        }
        Files.createDirectories(root);
        Files.writeString(root.resolve(MARK), "Made by txlookup; deleted by txlookup down --destroy.\n");
    }

    /** Whether the folder is a local environment's. */
    boolean isMarked() {
        return Files.isRegularFile(root.resolve(MARK));
    }

    /** Deletes the environment's data and journal; evidence, logs and caches stay. */
    void deleteData() throws IOException {
        for (Path part : List.of(postgres(), kafka(), extracts(), secrets(), journal(), besideJournal())) {
            delete(part);
        }
    }

    /** Deletes everything; nothing when the folder is not marked. */
    void deleteAll() throws IOException {
        if (isMarked()) {
            delete(root);
        }
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> inside = Files.walk(path)) {
            for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
