package txlookup.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/** The environment on this machine works on a database server that somebody else runs, if the profile names one. */
@Tag("nightly")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class GivenServerIT {
    @TempDir
    private Path folder;

    private TestDatabase database;
    private String address;
    private LocalCommands commands;

    @BeforeEach
    void open() {
        database = SharedPostgres.newDatabase();
        address = database.jdbcUrl().replaceFirst("^jdbc:postgresql://([^/]+)/.*$", "$1");
        commands = commands(folder);
    }

    private LocalCommands commands(Path root) {
        return new LocalCommands(
                        root,
                        "database.host=" + address.replaceFirst(":.*", ""),
                        "database.port=" + address.replaceFirst(".*:", ""),
                        "database.name=" + database.name(),
                        "database.user=" + database.user())
                .with("TXLOOKUP_DATABASE_PASSWORD", database.password().isEmpty() ? "none" : database.password());
    }

    @AfterEach
    void down() throws Exception {
        commands.run("down.txt", "down", "--destroy");
        SharedPostgres.drop(database);
    }

    @Test
    void itIsNeitherStartedNorStoppedAndItsDatabaseIsOfOneEnvironment() throws Exception {
        assertThat(commands.run("up.txt", "up")).as(commands.output("up.txt")).isZero();
        assertThat(commands.output("up.txt")).contains("PostgreSQL on " + address);
        assertThat(folder.resolve("data/postgres")).doesNotExist();
        assertThat(commands.run("status.txt", "status"))
                .as(commands.output("status.txt"))
                .isZero();
        assertThat(commands.output("status.txt")).contains(address + "  named by the profile");

        assertThat(commands.run("stop.txt", "down")).isZero();
        assertThat(generations()).isEqualTo(1);
        assertThat(commands.run("again.txt", "up"))
                .as(commands.output("again.txt"))
                .isZero();
        assertThat(generations()).isEqualTo(1);

        assertThat(commands.run("destroy.txt", "down", "--destroy")).isZero();
        assertThat(generations()).as("what the environment left").isEqualTo(1);
        assertThat(commands.run("other.txt", "up")).isNotZero();
        assertThat(commands.output("other.txt")).contains("which another environment made");
        assertThat(generations()).isEqualTo(1);
    }

    private int generations() throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM bo.generation")) {
            row.next();
            return row.getInt(1);
        }
    }
}
