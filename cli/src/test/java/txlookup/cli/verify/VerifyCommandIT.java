package txlookup.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import txlookup.apply.model.Entity;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.Source;
import txlookup.backfill.Backfill;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.backfill.pipeline.LoadSettings;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;
import txlookup.backfill.source.NdjsonInput;
import txlookup.cli.Main;
import txlookup.cli.service.Served;
import txlookup.local.testing.SharedKafka;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.profiles.events.EventProfiles;
import txlookup.traffic.Extract;
import txlookup.traffic.Payments;

/** {@code txlookup verify} over a store that a backfill has filled. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class VerifyCommandIT {
    private static final long GENERATION = 20260205010000L;
    private static final Instant CUTOVER = Instant.parse("2026-02-05T01:00:00Z");
    private static final BackfillProgress QUIET = new BackfillProgress() {
        @Override
        public void begins(Input input, long rowsBefore) {}

        @Override
        public void applied(Input input, Chunk chunk, BatchResult applied) {}
    };

    private final TestDatabase database = SharedPostgres.newDatabase();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> settings = new ArrayList<>();

    @TempDir
    private Path folder;

    private HikariDataSource connections;

    @BeforeEach
    void load() throws Exception {
        Files.createDirectories(folder.resolve("secrets"));
        Files.writeString(folder.resolve("secrets").resolve("TXLOOKUP_DATABASE_PASSWORD"), database.password());
        connections = Served.open(database, GENERATION);
        Migrations.toHead(connections, GENERATION);
        new GenerationRegistry(connections)
                .plan(new Generation(
                        GENERATION, "test", "kim", "group", "canonical-v1", CUTOVER, Generation.State.PLANNED, null));
        Extract extract = Extract.write(new Payments(7, CUTOVER, 300), 0, 300, folder, true);
        new Backfill(
                        new LoadSettings(GENERATION, CUTOVER, CUTOVER, "test", 1_000, 0, Duration.ofHours(1)),
                        EventProfiles.load("canonical-v1"),
                        connections,
                        QUIET,
                        Clock.systemUTC())
                .load(List.of(
                        new NdjsonInput(extract.ledgerEntries(), Entity.LEDGER_ENTRY),
                        new NdjsonInput(extract.paymentOrders(), Entity.PAYMENT_ORDER)));
        Served.serve(connections, GENERATION);
        set("local.dataFolder=" + folder);
        set("local.postgresPort=" + SharedPostgres.server().port());
        set("database.name=" + database.name());
        set("database.user=" + database.user());
        set("backfill.ndjson.ledgerEntries=" + extract.ledgerEntries());
        set("backfill.ndjson.paymentOrders=" + extract.paymentOrders());
    }

    @AfterEach
    void drop() {
        connections.close();
        SharedPostgres.server().dropDatabase(database.name());
    }

    @Test
    void aStoreThatIsWhatItsSourceSaysPassesAndSaysHowFarItIsVerified() {
        assertThat(verify()).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("rows changed up to 2026-02-05T00:59:00Z are judged")
                .contains("missing 0, extra 0, stale 0, ahead 0, field 0")
                .contains("verified through: 2026-02-05T00:59:00Z")
                .contains("PASS: no difference found");
    }

    @Test
    void differencesAreExitCode1UntilTheyAreRepaired() throws SQLException {
        execute(
                "DELETE FROM payment_order WHERE order_id = 'po-0000000003'",
                "UPDATE ledger_entry SET amount = amount + 1 WHERE tx_id = 'tx-0000000004-p'");

        assertThat(verify("--confirm-after", "0")).isEqualTo(1);
        assertThat(out.toString())
                .contains("missing payment_order po-0000000003; source version 2")
                .contains("field ledger_entry tx-0000000004-p in amount;")
                .contains("verified through: nothing yet")
                .contains("FAIL: differences found");

        assertThat(verify("--confirm-after", "0", "--repair"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("repaired").contains("PASS: differences found, and nothing left to repair");
        assertThat(verify()).isZero();
        assertThat(out.toString()).contains("PASS: no difference found");
    }

    @Test
    void aRepairIsMadeInEachGenerationThatTakesEvents() throws SQLException {
        long beside = 20260206010000L;
        Migrations.ofGeneration(connections, beside).toHead();
        new GenerationRegistry(connections)
                .plan(new Generation(
                        beside, "test", "kim", "beside", "canonical-v1", CUTOVER, Generation.State.PLANNED, null));
        String copied = "INSERT INTO g%1$d.%2$s %3$s SELECT * FROM %2$s";
        execute(
                "UPDATE bo.generation SET state = 'READY'",
                copied.formatted(beside, "coverage", "OVERRIDING SYSTEM VALUE"),
                "SELECT setval(pg_get_serial_sequence('g%d.coverage', 'source_id'), 100)".formatted(beside),
                copied.formatted(beside, "ledger_entry", ""),
                "DELETE FROM payment_order WHERE order_id = 'po-0000000003'",
                copied.formatted(beside, "payment_order", ""));

        assertThat(verify("--confirm-after", "0", "--repair"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("Generation %d takes events, too".formatted(beside));
        assertThat(verify("--generation", Long.toString(beside)))
                .as(out.toString())
                .isZero();
        assertThat(texts("SELECT kind || ' ' || target || ' ' || outcome FROM bo.act ORDER BY target"))
                .containsExactly("REPAIR %d DONE".formatted(GENERATION), "REPAIR %d DONE".formatted(beside));
    }

    @Test
    void theSameDataGivesTheSameReportInEveryFormat() throws SQLException {
        execute("DELETE FROM ledger_entry WHERE tx_id LIKE 'tx-000000001%'");
        for (String format : List.of("text", "json", "junit", "markdown")) {
            assertThat(verify("--confirm-after", "0", "--format", format)).isEqualTo(1);
            String first = out.toString();
            assertThat(verify("--confirm-after", "0", "--format", format)).isEqualTo(1);
            assertThat(out.toString()).as(format).isEqualTo(first).contains("20");
        }
    }

    @Test
    void aSourceThatCannotBeReadOrIsEmptyIsExitCode2() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.ndjson"));
        set("backfill.ndjson.ledgerEntries=" + empty);
        set("backfill.ndjson.paymentOrders=" + empty);
        assertThat(verify()).isEqualTo(2);
        assertThat(err.toString()).contains("gave no rows and the store has some");

        Files.delete(empty);
        assertThat(verify()).isEqualTo(2);
        assertThat(err.toString()).contains("the source cannot be read").contains("empty.ndjson");
    }

    @Test
    void coverageIsProvedNotYetProvedOrAGap() throws Exception {
        String ledger = SharedKafka.newTopicName("entries");
        String orders = SharedKafka.newTopicName("orders");
        for (String topic : List.of(ledger, orders)) {
            SharedKafka.broker().createTopic(topic, 1, Map.of());
            new Store(connections).register(new Source(Source.Kind.STREAM, topic, 0), null, null, 0, CUTOVER);
        }
        set("messaging.bootstrapServers=" + SharedKafka.bootstrapServers());
        set("events.ledgerTopic=" + ledger);
        set("events.paymentOrderTopic=" + orders);

        assertThat(verify("--coverage")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("PROVED: all that was published and extracted is accounted for");

        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", SharedKafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(ledger, 0, null, new byte[] {'x'}))
                    .get();
        }
        assertThat(verify("--coverage")).isEqualTo(1);
        assertThat(out.toString()).contains("1 not applied yet");

        execute("UPDATE coverage SET next_position = 7 WHERE name = '" + ledger + "'");
        assertThat(verify("--coverage", "--format", "json")).isEqualTo(3);
        assertThat(out.toString()).contains("\"state\":\"gap\"");
    }

    private void set(String setting) {
        settings.addAll(List.of("--set", setting));
    }

    private List<String> texts(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        }
    }

    private int verify(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(List.of("verify"));
        all.addAll(List.of(arguments));
        all.addAll(settings);
        return commandLine.execute(all.toArray(String[]::new));
    }
}
