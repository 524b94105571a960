package txlookup.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import txlookup.cli.Main;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/** {@code txlookup consume --resume} leaves an order in the store; the consumer that takes it is tested with the consumer. */
class ResumeOrderIT {
    private static final long GENERATION = 20260205010000L;
    private static final String STREAM = """
            INSERT INTO g20260205010000.coverage (kind, name, partition, start_position, next_position, as_of,
                stopped_at, stopped_reason)
            SELECT 'STREAM', 'ledger.entry.upserted', n, 0, 0, now(),
                CASE WHEN n = 1 THEN now() END, CASE WHEN n = 1 THEN 'too many dead letters' END
            FROM generate_series(0, 1) AS n""";

    private final TestDatabase database = SharedPostgres.newDatabase();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @BeforeEach
    void migrate() throws Exception {
        Files.createDirectories(folder.resolve("secrets"));
        Files.writeString(folder.resolve("secrets").resolve("TXLOOKUP_DATABASE_PASSWORD"), database.password());
        Served.make(database, GENERATION);
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(STREAM);
        }
    }

    @AfterEach
    void drop() {
        SharedPostgres.server().dropDatabase(database.name());
    }

    @Test
    void aStoppedPartitionIsToldToResumeByWhomAndWhy() throws Exception {
        assertThat(consume("--resume", "ledger.entry.upserted-1", "--reason", "producer mended", "--actor", "kim"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .contains("ledger.entry.upserted-1 of generation 20260205010000 will resume")
                .contains("too many dead letters");
        assertThat(one("SELECT resume_ordered_by || ' ' || resume_reason || ' ' || (resume_ordered_at > stopped_at) "
                        + "FROM g20260205010000.coverage WHERE partition = 1"))
                .isEqualTo("kim producer mended true");
    }

    @Test
    void aPartitionThatIsNotStoppedIsRefusedWithWhereToLook() {
        assertThat(consume("--resume", "ledger.entry.upserted-0", "--reason", "x"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("ledger.entry.upserted-0", "is not stopped", "/ready");
    }

    @Test
    void withoutANumberItIsTheGenerationThatServesAndWhereNoneDoesTheLineSaysWhatToDo() throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE bo.serving SET generation = NULL");
        }
        assertThat(consume("--resume", "ledger.entry.upserted-1", "--reason", "x"))
                .isEqualTo(1);
        assertThat(err.toString())
                .contains("nothing serves; name one with --generation N; txlookup generation list shows all");
        assertThat(consume("--resume", "ledger.entry.upserted-1", "--reason", "x", "--generation", "20260205010000"))
                .isZero();
    }

    @Test
    void anOrderWithoutItsReasonAndAPartitionWithoutItsNumberAreWrongUse() {
        assertThat(consume("--resume", "ledger.entry.upserted-1")).isEqualTo(4);
        assertThat(err.toString()).contains("--reason");
        assertThat(consume("--resume", "ledger.entry.upserted", "--reason", "x"))
                .isEqualTo(4);
        assertThat(err.toString()).contains("saw ledger.entry.upserted; wanted a topic and a partition");
        assertThat(consume()).isEqualTo(4);
        assertThat(err.toString()).contains("Missing required option: '--generation=NUMBER'");
    }

    private int consume(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(List.of("consume"));
        all.addAll(List.of(arguments));
        all.addAll(List.of(
                "--set",
                "local.dataFolder=" + folder,
                "--set",
                "local.postgresPort=" + SharedPostgres.server().port(),
                "--set",
                "database.name=" + database.name(),
                "--set",
                "database.user=" + database.user()));
        return commandLine.execute(all.toArray(String[]::new));
    }

    private String one(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
