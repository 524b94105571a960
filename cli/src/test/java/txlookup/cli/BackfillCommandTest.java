package txlookup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import picocli.CommandLine;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.local.traffic.Extract;
import txlookup.local.traffic.Payments;
import txlookup.migrations.Migrations;

/** {@code txlookup backfill} on a real database and a real broker. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BackfillCommandTest {
    private static final int PAYMENTS = 500;

    private final TestDatabase database = SharedPostgres.newDatabase();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @BeforeEach
    void prepare() throws Exception {
        Files.createDirectories(folder.resolve("secrets"));
        Files.writeString(folder.resolve("secrets").resolve("TXLOOKUP_DATABASE_PASSWORD"), database.password());
        PGSimpleDataSource owner = new PGSimpleDataSource();
        owner.setUrl(database.jdbcUrl());
        owner.setUser(database.user());
        owner.setPassword(database.password());
        new Migrations(owner).toHead();
        Extract extract = Extract.write(new Payments(1, Instant.now(), PAYMENTS), 0, PAYMENTS, folder, true);
        Files.createDirectories(folder.resolve("entries"));
        Files.move(extract.ledgerEntries(), folder.resolve("entries/part-1.ndjson.gz"));
        Files.move(extract.paymentOrders(), folder.resolve("orders.ndjson.gz"));
    }

    @AfterEach
    void drop() {
        SharedPostgres.server().dropDatabase(database.name());
    }

    private int backfill(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(List.of("backfill"));
        all.addAll(Arrays.asList(arguments));
        for (String setting : List.of(
                "local.dataFolder=" + folder,
                "local.postgresPort=" + SharedPostgres.server().port(),
                "database.name=" + database.name(),
                "database.user=" + database.user(),
                "messaging.retention=3d",
                "backfill.ndjson.ledgerEntries=" + folder.resolve("entries"),
                "backfill.ndjson.paymentOrders=" + folder.resolve("orders.ndjson.gz"))) {
            all.addAll(List.of("--set", setting));
        }
        return commandLine.execute(all.toArray(new String[0]));
    }

    private String one(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static String broker() {
        return "messaging.bootstrapServers=" + SharedKafka.bootstrapServers();
    }

    private static void makeTopics() {
        SharedKafka.broker().createTopic("ledger.entry.upserted", 2, Map.of());
        SharedKafka.broker().createTopic("payment.order.upserted", 2, Map.of());
    }

    @Test
    void aDryRunTellsThePlanAndChangesNothing() throws Exception {
        assertThat(backfill("--dry-run")).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("part-1.ndjson.gz: LEDGER_ENTRY, about")
                .contains(
                        "orders.ndjson.gz: PAYMENT_ORDER, about 500 rows in 1 chunks; 0 of the first 500 would be rejected")
                .containsPattern("Expected: about [0-9.]+ s\\. Nothing was changed\\.");
        assertThat(one("SELECT (SELECT count(*) FROM bo.generation) + (SELECT count(*) FROM bo.payment_order)"))
                .isEqualTo("0");
    }

    @Test
    void aLoadLeavesAManifestAndOneThatTheLogDoesNotOutliveLoadsNothing() throws Exception {
        makeTopics();
        assertThat(backfill("--set", broker(), "--generation", "20260205010000"))
                .isEqualTo(3);
        assertThat(err.toString()).contains("GAP_DETECTED: the stream begins at 2026-02-05T01:00:00Z");
        assertThat(one("SELECT count(*) FROM bo.payment_order")).isEqualTo("0");

        assertThat(backfill("--set", broker())).as(err.toString()).isZero();
        assertThat(one("SELECT count(*) FROM bo.payment_order")).isEqualTo("500");
        String generation = one("SELECT max(generation) FROM bo.generation");
        Path manifest = folder.resolve("evidence").resolve(generation).resolve("manifest.json");
        assertThat(out.toString()).contains("Manifest: " + manifest);
        assertThat(Files.readString(manifest)).contains("\"sha256\"", "part-1.ndjson.gz", "\"consumed\" : 500");
    }

    @Test
    void pauseAndResumeWantAGeneration() {
        assertThat(backfill("--pause")).isEqualTo(4);
        assertThat(err.toString()).contains("--pause or --resume: give one of them, and --generation");
        assertThat(backfill("--resume", "--generation", "20260205010000")).isZero();
        assertThat(out.toString()).contains("The backfill of generation 20260205010000 was not paused");
    }
}
