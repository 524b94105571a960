package txlookup.migrations;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** This build's files of one set in a folder where a test may edit them. */
record CopiedMigrations(Path folder, String schema) {
    static CopiedMigrations ofControl(Path folder) throws IOException, URISyntaxException {
        return into(folder, "control", Migrations.CONTROL);
    }

    static CopiedMigrations ofGeneration(Path folder) throws IOException, URISyntaxException {
        return into(folder, "generation", MigratedDatabase.SCHEMA);
    }

    private static CopiedMigrations into(Path folder, String set, String schema)
            throws IOException, URISyntaxException {
        copy(set, folder);
        copy("callbacks", folder);
        return new CopiedMigrations(folder, schema);
    }

    private static void copy(String from, Path folder) throws IOException, URISyntaxException {
        Path ours = Path.of(Migrations.class.getResource(from).toURI());
        try (Stream<Path> files = Files.list(ours)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".sql")).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    Migrations of(MigratedDatabase database) {
        return of(database.connections());
    }

    Migrations of(DataSource connections) {
        return new Migrations(connections, schema, "filesystem:" + folder);
    }

    /** As {@link #of}, and spread over the servers where the database has them. */
    void spreadToHead(MigratedDatabase database) {
        new Migrations(
                        database.connections(),
                        schema,
                        Migrations.possible(database.connections()),
                        1,
                        "filesystem:" + folder)
                .toHead();
    }

    void write(String file, String sql) throws IOException {
        Files.writeString(folder.resolve(file), sql);
    }

    void append(String file, String sql) throws IOException {
        write(file, Files.readString(folder.resolve(file)) + sql);
    }

    /** The versions there are, ascending. */
    List<String> versions() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("V"))
                    .map(name -> name.substring(1, name.indexOf("__")))
                    .sorted(Comparator.comparing(Integer::valueOf))
                    .toList();
        }
    }

    String head() throws IOException {
        return versions().get(versions().size() - 1);
    }
}
