package txlookup.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import txlookup.api.LookupApi;
import txlookup.api.config.Authentication;
import txlookup.api.config.LookupApiSettings;
import txlookup.cli.Main;
import txlookup.cli.service.Served;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/** {@code txlookup audit verify} over an audit that the real API has written. */
class AuditCommandIT {
    private final TestDatabase database = SharedPostgres.newDatabase();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @BeforeEach
    void lookUp() throws Exception {
        Files.createDirectories(folder.resolve("secrets"));
        Files.writeString(folder.resolve("secrets").resolve("TXLOOKUP_DATABASE_PASSWORD"), database.password());
        Served.make(database, 20260205010000L);
        try (LookupApi api = LookupApi.start(new LookupApiSettings(
                "local",
                LookupApiSettings.Http.on("127.0.0.1", 0),
                LookupApiSettings.Database.at(database.jdbcUrl(), database.user(), Optional.of(database.password())),
                new Authentication.Disabled(),
                LookupApiSettings.Audit.DEFAULT,
                LookupApiSettings.Limits.NONE,
                Optional.empty()))) {
            for (int lookup = 1; lookup <= 3; lookup++) {
                URI address = URI.create("http://127.0.0.1:%d/admin/tx/TX-%d".formatted(api.port(), lookup));
                ((HttpURLConnection) address.toURL().openConnection()).getResponseCode();
            }
        }
    }

    @AfterEach
    void drop() {
        SharedPostgres.server().dropDatabase(database.name());
    }

    @Test
    void anIntactAuditIsExitCode0AndItsHeadIsShown() {
        assertThat(verify()).as(err.toString()).isZero();
        assertThat(out.toString())
                .containsPattern("intact: 3 rows in 1 chains, 0 dropped after their export; head [0-9a-f]{64}");
    }

    @Test
    void aRemovedRowIsExitCode1AndNamed() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE bo.audit DISABLE TRIGGER ALL; DELETE FROM bo.audit WHERE sequence = 2");
        }

        assertThat(verify()).isEqualTo(1);
        assertThat(out.toString()).contains("chain 1, row 2: it is missing").contains("BROKEN in 1 places");
    }

    private int verify() {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(
                "audit",
                "verify",
                "--set",
                "local.dataFolder=" + folder,
                "--set",
                "local.postgresPort=" + SharedPostgres.server().port(),
                "--set",
                "database.name=" + database.name(),
                "--set",
                "database.user=" + database.user());
    }
}
