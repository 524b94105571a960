package txlookup.cli.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
import txlookup.cli.Main;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.traffic.Extract;
import txlookup.traffic.Payments;

/** {@code txlookup backfill} on a real database and a real broker. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BackfillCommandIT {
    private static final int PAYMENTS = 500;
    private static final String SCHEMAS = "SELECT count(*) FROM pg_namespace WHERE nspname ~ '^g[0-9]+$'";
    private static final String NEWEST_SCHEMA = """
            SELECT set_config('search_path', coalesce(max(nspname), 'bo'), false)
            FROM pg_namespace WHERE nspname ~ '^g[0-9]+$'""";

    private final String asOf =
            Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(60).toString();

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
        Migrations.ofControl(owner).toHead();
        Extract extract = Extract.write(new Payments(1, Instant.now(), PAYMENTS), 0, PAYMENTS, folder, true);
        Files.createDirectories(folder.resolve("entries"));
        Files.move(extract.ledgerEntries(), folder.resolve("entries/part-1.ndjson.gz"));
        Files.move(extract.paymentOrders(), folder.resolve("orders.ndjson.gz"));
    }

    @AfterEach
    void drop() {
        SharedPostgres.server().dropDatabase(database.name());
    }

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    private int backfill(String... arguments) {
        List<String> all = new ArrayList<>(List.of("backfill"));
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
        all.addAll(Arrays.asList(arguments));
        return run(all.toArray(new String[0]));
    }

    private String one(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(NEWEST_SCHEMA);
            try (ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getString(1);
            }
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
        assertThat(backfill("--dry-run", "--as-of", asOf)).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("part-1.ndjson.gz: LEDGER_ENTRY, about")
                .contains(
                        "orders.ndjson.gz: PAYMENT_ORDER, about 500 rows in 1 chunks; 0 of the first 500 would be rejected")
                .contains("Read at " + asOf + ", so the stream would start at ")
                .containsPattern("Expected: about [0-9.]+ s\\. Nothing was changed\\.");
        assertThat(one("SELECT count(*) FROM bo.generation")).isEqualTo("0");
        assertThat(one(SCHEMAS)).isEqualTo("0");
    }

    @Test
    void aLoadLeavesAManifestAndOneThatTheLogDoesNotOutliveLoadsNothing() throws Exception {
        makeTopics();
        assertThat(backfill("--set", broker(), "--generation", "20260205010000", "--as-of", "2026-02-05T01:00:00Z"))
                .isEqualTo(3);
        assertThat(err.toString()).contains("GAP_DETECTED: the stream begins at 2026-02-05T00:45:00Z");
        assertThat(one("SELECT count(*) FROM payment_order")).isEqualTo("0");

        assertThat(backfill("--set", broker(), "--as-of", asOf))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("pinned in 4 partitions, for an extract read at " + asOf);
        assertThat(one("SELECT as_of = '%s' FROM bo.generation ORDER BY generation DESC LIMIT 1".formatted(asOf)))
                .isEqualTo("t");
        assertThat(one("SELECT count(*) FROM payment_order")).isEqualTo("500");
        String generation = one("SELECT max(generation) FROM bo.generation");
        Path manifest = folder.resolve("evidence").resolve(generation).resolve("manifest.json");
        assertThat(out.toString()).contains("Manifest: " + manifest);
        assertThat(Files.readString(manifest)).contains("\"sha256\"", "part-1.ndjson.gz", "\"consumed\" : 500");

        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE bo.generation SET state = 'READY'");
        }
        assertThat(backfill("--set", broker(), "--as-of", asOf, "--generation", generation))
                .as("late, beside another one that takes events")
                .isNotZero();
        assertThat(err.toString()).contains("takes events, and so does 20260205010000");
    }

    @Test
    void filesThatDoNotSayWhenTheyWereReadAreRefusedWithWhatToDo() throws Exception {
        assertThat(backfill("--set", broker())).isEqualTo(4);
        assertThat(err.toString())
                .contains("part-1.ndjson.gz: nothing says when it was read")
                .contains("Give backfill.asOf (--as-of 2026-11-21T01:07:33Z)", "extract.json");
        assertThat(one("SELECT count(*) FROM bo.generation")).isEqualTo("0");
    }

    @Test
    void generateWritesWhenItsExtractWasReadAndALoadTakesItFromThere() throws Exception {
        makeTopics();
        Path made = folder.resolve("made");
        assertThat(run("generate", "--payments", "300", "--to-folder", made.toString()))
                .isZero();
        String manifest = Files.readString(made.resolve("extract.json"));
        String schema = Files.readString(Path.of("..", "contracts", "extract.schema.json"));
        assertThat(SchemaRegistry.withDialect(Dialects.getDraft202012())
                        .getSchema(schema, InputFormat.JSON)
                        .validate(manifest, InputFormat.JSON))
                .isEmpty();
        assertThat(backfill(
                        "--set", broker(),
                        "--set", "backfill.ndjson.ledgerEntries=" + made.resolve("ledger-entries.ndjson.gz"),
                        "--set", "backfill.ndjson.paymentOrders=" + made.resolve("payment-orders.ndjson.gz")))
                .as(err.toString())
                .isZero();
        assertThat(one("SELECT count(*) FROM payment_order")).isEqualTo("300");
        String stored = one("SELECT to_char(as_of AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS') FROM bo.generation");
        assertThat(manifest).contains("\"asOf\": \"" + stored);
    }

    @Test
    void anExtractThatTheEventProfileDoesNotFitIsNotLoaded() throws Exception {
        makeTopics();
        assertThat(backfill(
                        "--set",
                        broker(),
                        "--as-of",
                        asOf,
                        "--set",
                        "backfill.ndjson.ledgerEntries=" + folder.resolve("orders.ndjson.gz")))
                .isEqualTo(4);
        assertThat(err.toString())
                .contains(
                        "orders.ndjson.gz: 500 of its first 500 rows would become dead letters, more than the share of 0.2 (consumer.maxDeadShare)")
                .contains("the first is row 1, parse_error: ")
                .contains("Mend events.profile");
        assertThat(one("SELECT (SELECT count(*) FROM dead_letter) + (SELECT count(*) FROM payment_order)"))
                .isEqualTo("0");
    }

    @Test
    void pauseAndResumeWantAGeneration() {
        assertThat(backfill("--pause")).isEqualTo(4);
        assertThat(err.toString()).contains("--pause or --resume: give one of them, and --generation");
        assertThat(backfill("--resume", "--generation", "20260205010000")).isEqualTo(1);
        assertThat(err.toString()).contains("no generation 20260205010000; txlookup generation list shows all");
    }
}
