package txlookup.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import txlookup.cli.Main;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/** {@code txlookup migrate lint} and {@code plan}. */
class MigrateLintIT {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void thisBuildsMigrationsHaveNoFindings() {
        assertThat(run("migrate", "lint")).as(out.toString()).isZero();
        assertThat(out).hasToString("no findings" + System.lineSeparator());
    }

    @Test
    void aFindingIsExitCode1WithItsPlaceAndWhatToDoInstead() throws IOException {
        write("V1__create.sql", "CREATE TABLE bo.ledger_entry (tx_id text NOT NULL);");
        Path file = write(
                "V7__drop.sql",
                "SET LOCAL lock_timeout = '1s';\nSET LOCAL statement_timeout = '1s';\nDROP TABLE bo.ledger_entry;");

        assertThat(run("migrate", "lint", file.toString())).isEqualTo(1);
        assertThat(out.toString())
                .contains("V7__drop.sql:3:1  drop-outside-contract", "instead: stop using it first", "1 findings");
    }

    @Test
    void onlyTheNamedFilesAreReportedAfterThoseBesideThem() throws IOException {
        write("V6__drop.sql", "DROP TABLE bo.ledger_entry;");
        Path file = write("V7__add.sql", "CREATE TABLE bo.more (n bigint NOT NULL);");

        assertThat(run("migrate", "lint", file.toString())).as(out.toString()).isZero();
    }

    @Test
    void annotationsAndSarifAreWrittenAsTheyAre() throws IOException {
        Path file = write("V7__drop.sql", "TRUNCATE bo.ledger_entry;");

        assertThat(run("migrate", "lint", "--format", "github", file.toString()))
                .isEqualTo(1);
        assertThat(out.toString().lines()).allMatch(line -> line.startsWith("::error file="));
        assertThat(run("migrate", "lint", "--format", "sarif", file.toString())).isEqualTo(1);
        assertThat(out.toString()).startsWith("{").contains("\"2.1.0\"");
    }

    @Test
    void aFileThatIsNotThereIsExitCode4() {
        assertThat(run("migrate", "lint", folder.resolve("V7__no.sql").toString()))
                .isEqualTo(4);
        assertThat(err.toString()).contains("V7__no.sql is not a file of SQL");
    }

    @Test
    void thePlanOfAnEmptyDatabaseShowsAllAndAfterMigratingNothing() throws IOException {
        TestDatabase database = SharedPostgres.newDatabase();
        Files.createDirectories(folder.resolve("secrets"));
        Files.writeString(folder.resolve("secrets").resolve("TXLOOKUP_DATABASE_PASSWORD"), database.password());
        try {
            assertThat(on(database, "migrate", "plan")).as(err.toString()).isZero();
            assertThat(out.toString())
                    .contains("Schema bo is at nothing", "V1__create_registry_and_serving.sql")
                    .contains("Schema g<new> is at nothing", "V1__create_ledger_entries_and_payment_orders.sql")
                    .contains("one transaction, all or nothing; no table that is in use is locked");
            assertThat(on(database, "migrate")).as(err.toString()).isZero();
            assertThat(on(database, "migrate", "plan")).isZero();
            assertThat(out.toString())
                    .contains("Schema bo is at", "nothing to do", "Schema g<new> is at nothing")
                    .doesNotContain("V1__create_registry_and_serving.sql");
        } finally {
            SharedPostgres.server().dropDatabase(database.name());
        }
    }

    @Test
    void migrateExpandsTheGenerationsThatAreNotRetiredAndRefusesADrift() throws Exception {
        long generation = 20260101000000L;
        TestDatabase database = SharedPostgres.newDatabase();
        Files.createDirectories(folder.resolve("secrets"));
        Files.writeString(folder.resolve("secrets").resolve("TXLOOKUP_DATABASE_PASSWORD"), database.password());
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            assertThat(on(database, "migrate")).as(err.toString()).isZero();
            statement.execute("CREATE SCHEMA g" + generation);
            statement.execute("""
                    INSERT INTO bo.generation (generation, env, owner, consumer_group, event_profile, t_cutover, state)
                    SELECT n, 'e', 'o', 'g', 'p', now(), s FROM (VALUES (%d, 'READY'), (1, 'RETIRED')) v(n, s)""".formatted(generation));

            assertThat(on(database, "migrate")).as(err.toString()).isZero();
            assertThat(out.toString())
                    .contains("Schema g%d: revision".formatted(generation), "applied 1, 2")
                    .doesNotContain("Schema g1:");
            assertThat(on(database, "migrate", "plan")).isZero();
            assertThat(out.toString())
                    .contains("Schema g%d is at".formatted(generation))
                    .doesNotContain("g<new>");

            statement.execute("DROP INDEX g%d.ledger_entry_by_wallet".formatted(generation));
            assertThat(on(database, "migrate")).isEqualTo(1);
            assertThat(err.toString()).contains("its indexes differ", "--accept-drift");
            assertThat(on(database, "migrate", "--accept-drift")).isZero();
            assertThat(on(database, "migrate")).isZero();
        } finally {
            SharedPostgres.server().dropDatabase(database.name());
        }
    }

    private Path write(String name, String sql) throws IOException {
        return Files.writeString(folder.resolve(name), sql);
    }

    private int on(TestDatabase database, String... command) {
        List<String> settings = List.of(
                "local.dataFolder=" + folder,
                "local.postgresPort=" + SharedPostgres.server().port(),
                "database.name=" + database.name(),
                "database.user=" + database.user());
        List<String> whole = new ArrayList<>(List.of(command));
        settings.forEach(setting -> whole.addAll(List.of("--set", setting)));
        return run(whole.toArray(new String[0]));
    }

    private int run(String... command) {
        out.getBuffer().setLength(0);
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(command);
    }
}
