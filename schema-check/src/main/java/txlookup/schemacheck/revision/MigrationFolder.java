package txlookup.schemacheck.revision;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import txlookup.migrations.Migrations;

/**
 * Revisions of one set in the order in which they run, the callbacks that run before each, and which of them are released.
 *
 * @param shownAs the folder as a report shows it
 * @param control the control set's revisions, which have run before those of a generation
 */
public record MigrationFolder(
        RevisionSet set,
        String shownAs,
        List<MigrationFile> revisions,
        List<MigrationFile> callbacks,
        ReleasedRevisions released,
        List<MigrationFile> control) {
    private static final String SOURCES = "migrations/src/main/resources/txlookup/migrations/";
    /** Beside the folders of the two sets: what runs before each revision of both. */
    private static final String CALLBACKS = "callbacks";

    public MigrationFolder {
        revisions = inOrder(revisions);
        callbacks = List.copyOf(callbacks);
        control = inOrder(control);
    }

    private static List<MigrationFile> inOrder(List<MigrationFile> files) {
        return files.stream()
                .sorted(Comparator.comparingInt(
                                (MigrationFile file) -> file.version().orElse(Integer.MAX_VALUE))
                        .thenComparing(MigrationFile::name))
                .toList();
    }

    public static MigrationFolder ofThisBuild(RevisionSet set) throws IOException {
        URI uri;
        try {
            uri = Migrations.class
                    .getResource(set.folder() + "/" + ReleasedRevisions.FILE)
                    .toURI();
        } catch (URISyntaxException e) {
            throw new IOException("The class path cannot be read: " + e.getMessage(), e);
        }
        if (!uri.getScheme().equals("jar")) {
            return read(Path.of(uri).getParent(), SOURCES + set.folder());
        }
        try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
            return read(jar.provider().getPath(uri).getParent(), SOURCES + set.folder());
        }
    }

    /**
     * A folder of migrations; without a {@value ReleasedRevisions#FILE} none of them is released. A folder {@code generation}
     * holds those of a generation's schema, any other those of the control schema; callbacks may be in a folder beside it.
     *
     * @throws IOException when it cannot be read
     */
    public static MigrationFolder of(Path folder) throws IOException {
        return read(folder, folder.toString());
    }

    private static MigrationFolder read(Path folder, String shownAs) throws IOException {
        List<MigrationFile> files = new ArrayList<>(filesIn(folder, shownAs));
        Path callbacks = folder.resolveSibling(CALLBACKS);
        if (Files.isDirectory(callbacks)) {
            files.addAll(filesIn(callbacks, callbacks.toString()));
        }
        RevisionSet set = RevisionSet.of(folder.toAbsolutePath().getFileName().toString());
        Path control = folder.resolveSibling(RevisionSet.CONTROL.folder());
        boolean needsControl = set == RevisionSet.GENERATION && Files.isDirectory(control);
        Path released = folder.resolve(ReleasedRevisions.FILE);
        return new MigrationFolder(
                set,
                shownAs,
                files.stream().filter(file -> !file.isCallback()).toList(),
                files.stream().filter(MigrationFile::isCallback).toList(),
                Files.exists(released) ? ReleasedRevisions.parse(Files.readString(released)) : ReleasedRevisions.NONE,
                needsControl ? filesIn(control, control.toString()) : List.of());
    }

    private static List<MigrationFile> filesIn(Path folder, String shownAs) throws IOException {
        List<MigrationFile> files = new ArrayList<>();
        try (Stream<Path> inside = Files.list(folder)) {
            for (Path path :
                    inside.filter(path -> path.toString().endsWith(".sql")).toList()) {
                String name = path.getFileName().toString();
                files.add(new MigrationFile(name, shownAs + "/" + name, Files.readString(path)));
            }
        }
        return files;
    }

    /** Released files that are not here. */
    public List<String> missing() {
        Set<String> here = revisions.stream().map(MigrationFile::name).collect(Collectors.toSet());
        return released.fileNames().stream()
                .filter(name -> !here.contains(name))
                .toList();
    }

    /** A file of that name as a report shows it. */
    public String path(String name) {
        return shownAs + "/" + name;
    }
}
