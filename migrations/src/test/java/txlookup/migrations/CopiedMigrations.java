package txlookup.migrations;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** The released files in a folder where a test may edit them. */
record CopiedMigrations(Path folder) {
    static CopiedMigrations into(Path folder) throws IOException, URISyntaxException {
        Path released = Path.of(Migrations.class
                .getResource("V1__create_ledger_entries_and_payment_orders.sql")
                .toURI());
        try (Stream<Path> files = Files.list(released.getParent())) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".sql")).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        return new CopiedMigrations(folder);
    }

    Migrations of(MigratedDatabase database) {
        return of(database.connections());
    }

    Migrations of(DataSource connections) {
        return new Migrations(connections, "filesystem:" + folder);
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
}
