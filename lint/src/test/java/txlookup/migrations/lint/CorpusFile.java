package txlookup.migrations.lint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import txlookup.migrations.Migrations;
import txlookup.migrations.lint.statement.SchemaHistory;

/**
 * A revision written for the corpus. Its folder is its label: {@code unsafe} and {@code safe} are PostgreSQL's own verdict,
 * {@code policy} is refused for a reason that a running server cannot see. Those below {@code generation} are of a
 * generation's set; their store is the same, with its schema on the search path. A file's first line names the rules that
 * find it.
 */
record CorpusFile(RevisionSet set, String label, String name, String sql) {
    private static final Pattern FINDS = Pattern.compile("-- finds: (.*)");
    private static final Path FOLDER = folder();

    static Stream<CorpusFile> all() {
        return Stream.of("unsafe", "safe", "policy")
                .flatMap(label -> Stream.concat(
                        labelled(RevisionSet.CONTROL, FOLDER, label),
                        labelled(RevisionSet.GENERATION, FOLDER.resolve("generation"), label)));
    }

    private static Stream<CorpusFile> labelled(RevisionSet set, Path folder, String label) {
        try (Stream<Path> files = Files.list(folder.resolve(label))) {
            List<CorpusFile> read = files.sorted()
                    .map(file -> new CorpusFile(set, label, file.getFileName().toString(), read(file)))
                    .toList();
            return read.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The revisions before it, in their order. */
    static List<MigrationFile> store() {
        try (Stream<Path> files = Files.list(FOLDER.resolve("store"))) {
            return files.sorted()
                    .map(file -> file(file.getFileName().toString(), read(file)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As it is read, after the store; the schema of names that stand alone is the store's. */
    Revision read() {
        SchemaHistory history = new SchemaHistory(set, Migrations.CONTROL);
        store().forEach(before -> Revision.read(before, history));
        return Revision.read(file(name, sql), history);
    }

    Set<String> rules() {
        Matcher finds = FINDS.matcher(sql);
        return finds.lookingAt() ? new TreeSet<>(List.of(finds.group(1).split(", ", -1))) : Set.of();
    }

    /** The store's revisions, each a release, the callback that bounds locks, and this file as the one that is not released. */
    MigrationFolder folderWithStore() {
        List<MigrationFile> store = store();
        StringBuilder released = new StringBuilder();
        for (MigrationFile file : store) {
            released.append(ReleasedRevisions.line("1." + file.version().getAsInt(), file))
                    .append('\n');
        }
        return new MigrationFolder(
                set,
                "corpus",
                Stream.concat(store.stream(), Stream.of(file("V9__" + name, sql)))
                        .toList(),
                List.of(file(
                        "beforeEachMigrate.sql",
                        "SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = '10min';")),
                ReleasedRevisions.parse(released.toString()));
    }

    static MigrationFile file(String name, String sql) {
        return new MigrationFile(name, "corpus/" + name, sql);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        try {
            return Path.of(CorpusFile.class.getResource("/migration-corpus").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return (set == RevisionSet.CONTROL ? "" : "generation/") + label + "/" + name;
    }
}
