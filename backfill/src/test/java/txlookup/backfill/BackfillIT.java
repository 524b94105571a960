package txlookup.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.apply.model.Entity;
import txlookup.apply.store.load.LoadPause;
import txlookup.apply.store.position.BatchResult;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.backfill.pipeline.LoadSettings;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.ExtractFiles;
import txlookup.backfill.source.Input;
import txlookup.backfill.source.NdjsonInput;
import txlookup.profiles.events.EventProfiles;
import txlookup.traffic.Extract;
import txlookup.traffic.Payments;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BackfillIT {
    @TempDir
    private Path folder;

    private BackfillFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new BackfillFixture();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private List<Input> extract(int payments) throws IOException {
        Extract extract = Extract.write(
                new Payments(5, BackfillFixture.CUTOVER, payments), 0, payments, folder, payments % 2 == 0);
        return List.of(
                new NdjsonInput(extract.ledgerEntries(), Entity.LEDGER_ENTRY),
                new NdjsonInput(extract.paymentOrders(), Entity.PAYMENT_ORDER));
    }

    private String store() throws Exception {
        return fixture.one("SELECT count(*) || ' ' || sum(digest) FROM ledger_entry")
                + " / "
                + fixture.one("SELECT count(*) || ' ' || sum(digest) FROM payment_order");
    }

    @Test
    void loadsAllInputsAndAccountsForEveryRow() throws Exception {
        Manifest manifest = fixture.backfill(700, BackfillFixture.QUIET).load(extract(3000));
        assertThat(fixture.one("SELECT count(*) FROM payment_order")).isEqualTo("3000");
        long entries = Long.parseLong(fixture.one("SELECT count(*) FROM ledger_entry"));
        assertThat(manifest.rows()).isEqualTo(entries + 3000);
        assertThat(manifest.rejected()).isZero();
        assertThat(manifest.inputs()).allSatisfy(line -> {
            assertThat(line.counts().consumed()).isEqualTo(line.counts().applied());
            assertThat(line.counts().bytes()).isPositive();
        });
        assertThat(fixture.one("SELECT count(*) FROM coverage WHERE completed_at IS NULL"))
                .isEqualTo("0");
    }

    @Test
    void runAgainChangesNothingAndTellsTheSameManifest() throws Exception {
        List<Input> inputs = extract(400);
        Manifest first = fixture.backfill(100, BackfillFixture.QUIET).load(inputs);
        String store = store();
        Manifest second = fixture.backfill(100, BackfillFixture.QUIET).load(inputs);
        assertThat(store()).isEqualTo(store);
        assertThat(second.inputs()).isEqualTo(first.inputs());
    }

    @Test
    void goesOnAtItsCheckpointAfterItDiedHalfWay() throws Exception {
        long seed = 77;
        Random random = new Random(seed);
        List<Input> inputs = extract(1001);
        int deaths = 0;
        while (true) {
            int chunksToLive = 1 + random.nextInt(4);
            try {
                fixture.backfill(150, dyingAfter(chunksToLive)).load(inputs);
                break;
            } catch (IllegalStateException e) {
                deaths++;
            }
        }
        assertThat(deaths).as("seed %d", seed).isGreaterThan(2);
        String resumed = store();
        try (BackfillFixture fresh = new BackfillFixture()) {
            fresh.backfill(150, BackfillFixture.QUIET).load(inputs);
            assertThat(resumed)
                    .isEqualTo(fresh.one("SELECT count(*) || ' ' || sum(digest) FROM ledger_entry")
                            + " / "
                            + fresh.one("SELECT count(*) || ' ' || sum(digest) FROM payment_order"));
        }
        assertThat(fixture.one("SELECT bool_and(consumed = next_position - 1) FROM coverage"))
                .isEqualTo("t");
    }

    private static BackfillProgress dyingAfter(int chunks) {
        AtomicInteger left = new AtomicInteger(chunks);
        return new BackfillProgress() {
            @Override
            public void begins(Input input, long rowsBefore) {}

            @Override
            public void applied(Input input, Chunk chunk, BatchResult applied) {
                if (left.decrementAndGet() <= 0) {
                    throw new IllegalStateException("died");
                }
            }
        };
    }

    @Test
    void setsRejectedRowsAsideWithFileAndLine() throws Exception {
        Path file = folder.resolve("entries.ndjson");
        Files.writeString(file, """
                {"tx_id":"a","wallet_id":"w","entry_type":"PAYMENT","amount":"1","event_time":"2026-02-05T00:00:00Z"}
                {"tx_id":"b","wallet_id":"w","entry_type":"PAYMENT","amount":"NaN","event_time":"2026-02-05T00:00:00Z"}
                not json

                {"tx_id":"c","wallet_id":"w","entry_type":"PAYMENT","amount":"2","event_time":"2026-02-05T00:00:00Z"}
                """);
        Manifest manifest =
                fixture.backfill(2, BackfillFixture.QUIET).load(List.of(new NdjsonInput(file, Entity.LEDGER_ENTRY)));
        assertThat(manifest.rows()).isEqualTo(4);
        assertThat(manifest.rejected()).isEqualTo(2);
        assertThat(
                        fixture.one(
                                "SELECT string_agg(name || ':' || position || ' ' || reason || ' ' || convert_from(record_value, 'UTF8'), E'\\n' ORDER BY position) FROM dead_letter JOIN coverage USING (source_id)"))
                .isEqualTo(file
                        + ":2 parse_error {\"tx_id\":\"b\",\"wallet_id\":\"w\",\"entry_type\":\"PAYMENT\",\"amount\":\"NaN\",\"event_time\":\"2026-02-05T00:00:00Z\"}\n"
                        + file + ":3 parse_error not json");
        assertThat(fixture.one("SELECT string_agg(tx_id, ',' ORDER BY tx_id) FROM ledger_entry"))
                .isEqualTo("a,c");
    }

    @Test
    void waitsWhilePausedAlsoAfterARestartAndGoesOnWhenItMay() throws Exception {
        LoadPause pause = new LoadPause(fixture.connections);
        pause.pause("kim");
        pause.pause("lee");
        assertThat(pause.find().orElseThrow()).startsWith("kim, ");
        List<Input> inputs = extract(300);
        CompletableFuture<Manifest> load = CompletableFuture.supplyAsync(() -> {
            try {
                return fixture.backfill(100, BackfillFixture.QUIET).load(inputs);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThatThrownBy(() -> load.get(700, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(fixture.one("SELECT coalesce(sum(consumed), 0) FROM coverage"))
                .isEqualTo("0");
        assertThat(pause.resume()).isTrue();
        assertThat(pause.resume()).isFalse();
        assertThat(load.get(30, TimeUnit.SECONDS).rejected()).isZero();
    }

    @Test
    void writesAManifestWithTheDigestOfEachFile() throws Exception {
        List<Input> inputs = extract(100);
        Manifest manifest = fixture.backfill(100, BackfillFixture.QUIET).load(inputs);
        String digest = digest(Path.of(inputs.get(0).name()));
        assertThat(manifest.inputs().get(0).sha256()).isEqualTo(digest);
        Path json = folder.resolve("evidence/manifest.json");
        manifest.write(json);
        assertThat(Files.readString(json))
                .contains(
                        digest,
                        "\"consumed\" : " + manifest.inputs().get(0).counts().consumed());
    }

    @Test
    void aFileThatIsNotWhatItsManifestSaysIsRefusedBeforeAnythingIsLoaded() throws Exception {
        Extract extract = Extract.write(
                new Payments(5, BackfillFixture.CUTOVER, 50), 0, 50, folder, false, BackfillFixture.CUTOVER);
        List<Input> inputs =
                ExtractFiles.at(extract.ledgerEntries(), Entity.LEDGER_ENTRY, InputStream.nullInputStream());
        String promised = inputs.get(0).promise().orElseThrow().sha256();
        Files.writeString(extract.ledgerEntries(), "{}\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> fixture.backfill(100, BackfillFixture.QUIET).load(inputs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ledger-entries.ndjson has the SHA-256 " + digest(extract.ledgerEntries()))
                .hasMessageContaining("extract.json says " + promised);
        assertThat(fixture.one("SELECT count(*) FROM coverage")).isEqualTo("0");
    }

    @Test
    void theRowsOfAFileAreComparedWithItsManifestInTheEnd() throws Exception {
        Extract extract = Extract.write(new Payments(5, BackfillFixture.CUTOVER, 50), 0, 50, folder, false);
        Files.writeString(folder.resolve("extract.json"), """
                {"asOf": "2026-02-05T01:00:00Z", "files": [{"name": "payment-orders.ndjson", "rows": 51}]}""");
        List<Input> inputs =
                ExtractFiles.at(extract.paymentOrders(), Entity.PAYMENT_ORDER, InputStream.nullInputStream());
        assertThatThrownBy(() -> fixture.backfill(100, BackfillFixture.QUIET).load(inputs))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("payment-orders.ndjson: 50 rows were loaded, and")
                .hasMessageContaining("says 51");
    }

    @Test
    void aFilesRowsAreOfTheInstantThatItsManifestSays() throws Exception {
        Instant readAt = BackfillFixture.CUTOVER.minusSeconds(600);
        Extract extract = Extract.write(new Payments(5, BackfillFixture.CUTOVER, 50), 0, 50, folder, false, readAt);
        Manifest manifest = fixture.backfill(100, BackfillFixture.QUIET)
                .load(ExtractFiles.at(extract.paymentOrders(), Entity.PAYMENT_ORDER, InputStream.nullInputStream()));
        assertThat(manifest.inputs().get(0).asOf()).isEqualTo(readAt);
        assertThat(fixture.one("SELECT as_of = '2026-02-05T00:50:00Z' FROM coverage"))
                .isEqualTo("t");
    }

    private static String digest(Path file) throws Exception {
        byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        return HexFormat.of().formatHex(sha256);
    }

    @Test
    void estimatesFromASampleAndChangesNothing() throws Exception {
        List<Input> inputs = extract(2001);
        BackfillPlan plan = BackfillPlan.of(
                new LoadSettings(
                        BackfillFixture.GENERATION,
                        BackfillFixture.CUTOVER,
                        BackfillFixture.CUTOVER,
                        "test",
                        400,
                        2,
                        Duration.ofHours(1)),
                EventProfiles.load("canonical-v1"),
                fixture.connections,
                inputs,
                Clock.systemUTC());
        assertThat(plan.inputs().get(1).rows().orElseThrow()).isBetween(1900L, 2100L);
        assertThat(plan.inputs().get(1).chunks().orElseThrow()).isBetween(5L, 6L);
        assertThat(plan.expected()).isPositive();
        assertThat(fixture.one("SELECT count(*) FROM coverage")).isEqualTo("0");
        assertThat(fixture.one("SELECT count(*) FROM payment_order")).isEqualTo("0");
    }

    @Test
    void saysWhichFileCannotBeRead() {
        Path missing = folder.resolve("missing.ndjson");
        assertThatThrownBy(() -> fixture.backfill(10, BackfillFixture.QUIET)
                        .load(List.of(new NdjsonInput(missing, Entity.LEDGER_ENTRY))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("missing.ndjson");
    }
}
