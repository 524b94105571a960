package txlookup.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.cli.local.LocalCommands;

/** An environment that is destroyed and made again ten times leaves one audit, in which no row is missing. */
@Tag("nightly")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class AuditOutlivesItsEnvironmentIT {
    private static final int LIVES = Integer.getInteger("txlookup.lives", 10);

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private LocalCommands commands;
    private LocalCommands keeping;

    @BeforeEach
    void open() {
        commands = new LocalCommands(folder);
        keeping = new LocalCommands(folder, "audit.exportTo=" + folder.resolve("kept"));
    }

    @AfterEach
    void down() throws Exception {
        commands.run("down.txt", "down", "--destroy", "--discard-audit");
    }

    @Test
    void allLivesAreOneChain() throws Exception {
        long written = 0;
        for (int life = 1; life <= LIVES; life++) {
            run(0, commands, "up", "up");
            lookUp(life, 20);
            if (life % 2 == 0) {
                run(0, keeping, "export", "audit", "export");
                lookUp(life, 10);
            }
            run(1, commands, "refused", "down", "--destroy");
            assertThat(commands.output("refused")).contains("are not exported", "--discard-audit");
            lookUp(life, 5);
            if (life % 2 == 0) {
                run(
                        0,
                        keeping,
                        "verified",
                        "audit",
                        "verify",
                        "--anchor",
                        folder.resolve("kept").toString());
            }
            written += rows() + 1; // and the order to destroy
            run(0, keeping, "destroyed", "down", "--destroy");
            assertThat(folder.resolve("data")).doesNotExist();
        }
        run(
                0,
                commands,
                "all",
                "audit",
                "verify",
                "--anchor",
                folder.resolve("kept").toString(),
                "--export-only");
        assertThat(commands.output("all"))
                .contains("export intact: %,d rows of %,d stores in".formatted(written, LIVES))
                .contains(" 0 stores not closed");

        List<Path> exported;
        try (Stream<Path> files = Files.list(folder.resolve("kept/rows"))) {
            exported = files.sorted().toList();
        }
        long orders = 0;
        for (Path file : exported) {
            orders += Files.readAllLines(file).stream()
                    .filter(row -> row.contains("\"action\":\"ORDER_DESTROY_ENVIRONMENT\""))
                    .count();
        }
        assertThat(orders).as("one refused and one carried out in each life").isEqualTo(2L * LIVES);
        Path first = exported.get(0);
        Files.writeString(first, Files.readString(first).replaceFirst("\"actor\":\"", "\"actor\":\"not "));
        run(
                1,
                commands,
                "changed",
                "audit",
                "verify",
                "--anchor",
                folder.resolve("kept").toString(),
                "--export-only");
    }

    private void lookUp(int life, int times) throws Exception {
        for (int time = 0; time < times; time++) {
            URI address =
                    URI.create("http://127.0.0.1:%d/admin/tx/life-%d-%d".formatted(LocalCommands.API_PORT, life, time));
            // Asked again while an audit that was closed and opened again finds a chain.
            int status = 0;
            for (int attempt = 0; attempt < 20 && status != 404; attempt++) {
                status = http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode();
            }
            assertThat(status).isEqualTo(404);
        }
    }

    private void run(int expected, LocalCommands environment, String output, String... command) throws Exception {
        assertThat(environment.run(output, command))
                .as(environment.output(output))
                .isEqualTo(expected);
    }

    private long rows() throws Exception {
        String password = Files.readString(folder.resolve("data/secrets/TXLOOKUP_DATABASE_PASSWORD"))
                .strip();
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:25432/txlookup", "txlookup", password);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT sum(last_sequence) FROM bo.audit_chain")) {
            row.next();
            return row.getLong(1);
        }
    }
}
