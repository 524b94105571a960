package txlookup.backfill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.apply.model.Entity;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.load.LoadPause;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.FencedException;
import txlookup.apply.store.position.Source;
import txlookup.backfill.Backfill;
import txlookup.backfill.BackfillFixture;
import txlookup.backfill.LaggingConsumer;
import txlookup.backfill.Manifest;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.ExtractFiles;
import txlookup.backfill.source.Input;
import txlookup.backfill.source.NdjsonInput;
import txlookup.backfill.source.TableInput;
import txlookup.backfill.throttle.ThrottleSettings;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.profiles.events.EventProfiles;

/** What a load waits for, and what it does not wait for. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Tag("nightly")
class LoadWaitsIT {
    private static final String END_SESSIONS = """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = '%s' AND pid <> pg_backend_pid()""";

    @TempDir
    private Path folder;

    private BackfillFixture fixture;
    private final ConcurrentLinkedQueue<String> reasons = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void open() throws Exception {
        fixture = new BackfillFixture();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static String rows(int count) {
        StringBuilder rows = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            rows.append("""
                    {"tx_id":"tx-%05d","wallet_id":"w","entry_type":"PAYMENT","amount":"1","event_time":"2026-02-05T01:00:00Z","version":1}
                    """.formatted(i));
        }
        return rows.toString();
    }

    private Input file(int count) throws Exception {
        return new NdjsonInput(Files.writeString(folder.resolve("entries.ndjson"), rows(count)), Entity.LEDGER_ENTRY);
    }

    private static void execute(TestDatabase database, String... statements) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = " + Migrations.schema(BackfillFixture.GENERATION) + ", public");
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Does something after the first chunk that ends at or behind a row. */
    private BackfillProgress after(long row, Callable<?> act) {
        return new BackfillProgress() {
            private boolean done;

            @Override
            public void begins(Input input, long rowsBefore) {}

            @Override
            public synchronized void applied(Input input, Chunk chunk, BatchResult applied) {
                if (!done && chunk.nextPosition() > row) {
                    done = true;
                    try {
                        act.call();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }
            }

            @Override
            public void waits(Input input, String reason) {
                reasons.add(reason);
            }
        };
    }

    private static CompletableFuture<Manifest> load(Backfill backfill, Input input) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return backfill.load(List.of(input));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void everyRowOnce(int rows) throws SQLException {
        assertThat(fixture.one("SELECT count(*) FROM ledger_entry")).isEqualTo("" + rows);
        assertThat(fixture.one("SELECT consumed || ' ' || applied || ' ' || (completed_at IS NOT NULL) FROM coverage"))
                .isEqualTo(rows + " " + rows + " true");
    }

    @Test
    void sessionsThatAreEndedBetweenTwoChunksOfAFileAreOpenedAgain() throws Exception {
        Callable<?> failover = () -> {
            execute(fixture.database, END_SESSIONS.formatted(fixture.database.name()));
            return null;
        };
        fixture.backfill(100, after(1500, failover)).load(List.of(file(3000)));
        everyRowOnce(3000);
    }

    @Test
    void aStoreThatMayOnlyBeReadForAWhileIsWaitedFor() throws Exception {
        String name = fixture.database.name();
        Callable<?> standby = () -> {
            execute(
                    fixture.database,
                    "ALTER DATABASE %s SET default_transaction_read_only = on".formatted(name),
                    END_SESSIONS.formatted(name));
            return null;
        };
        CompletableFuture<Manifest> load = load(fixture.backfill(100, after(1500, standby)), file(3000));
        while (reasons.stream().noneMatch(reason -> reason.startsWith("the store is away (25006)"))) {
            assertThat(load).isNotDone();
            TimeUnit.MILLISECONDS.sleep(20);
        }
        execute(
                fixture.database,
                "SET default_transaction_read_only = off",
                "ALTER DATABASE %s RESET default_transaction_read_only".formatted(name),
                END_SESSIONS.formatted(name));
        assertThat(load.get().rows()).isEqualTo(3000);
        everyRowOnce(3000);
    }

    private void loadBesideRows() throws SQLException {
        execute(
                fixture.database,
                "INSERT INTO payment_order (order_id, amount, status, created_at, digest, source_id, source_position, source_time, ingested_at)"
                        + " VALUES ('o', 1, 'PAID', now(), 1, 1, 1, now(), now())");
    }

    private boolean executed(String statements) throws SQLException {
        execute(fixture.database, statements);
        return true;
    }

    /** What comes after row 1000 is lost after a later row. */
    private BackfillProgress losingAfter(long row) {
        BackfillProgress remembering = after(1000, () -> executed("CREATE TABLE before AS SELECT * FROM coverage"));
        BackfillProgress losing = after(row, () -> executed("""
                        UPDATE coverage c SET next_position = b.next_position, resume_from = b.resume_from, bytes = b.bytes,
                               consumed = b.consumed, applied = b.applied FROM before b;
                        DELETE FROM ledger_entry WHERE source_position >= (SELECT next_position FROM before)"""));
        return new BackfillProgress() {
            @Override
            public void begins(Input input, long rowsBefore) {}

            @Override
            public void applied(Input input, Chunk chunk, BatchResult applied) {
                remembering.applied(input, chunk, applied);
                losing.applied(input, chunk, applied);
            }
        };
    }

    /** Chunks are committed without waiting for the disk, so that a crash may take back what the load believes is there. */
    @Test
    void chunksThatACrashedServerLostAreLoadedAgainThoughNoStatementFailed() throws Exception {
        loadBesideRows();
        fixture.backfill(100, losingAfter(1500)).load(List.of(file(3000)));
        everyRowOnce(3000);
    }

    @Test
    void lastChunksThatACrashedServerLostAreLoadedAgainBeforeTheirIndexesAreMade() throws Exception {
        fixture.backfill(100, losingAfter(3050)).load(List.of(file(3050)));
        everyRowOnce(3050);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CREATE INDEX by_slow%", "VACUUM%ledger_entry"})
    void sessionsThatAreEndedAfterTheLastRowAreOpenedAgain(String moment) throws Exception {
        fixture.makeIndexesSlow();
        CompletableFuture<Manifest> load = load(fixture.backfill(100, after(300, () -> true)), file(500));
        fixture.awaitStatement(moment);
        execute(fixture.database, END_SESSIONS.formatted(fixture.database.name()));
        assertThat(load.get().rows()).isEqualTo(500);
        everyRowOnce(500);
        assertThat(reasons).anyMatch(reason -> reason.startsWith("the store is away ("));
        assertThat(fixture.one("SELECT count(*) FROM pg_indexes WHERE tablename = 'ledger_entry'"))
                .isEqualTo("4");
        assertThat(fixture.one("SELECT count(*) FROM load_index")).isEqualTo("0");
    }

    @Test
    void standardInputResumesAfterAnOutageThoughItCannotBeReadTwice() throws Exception {
        Input input = ExtractFiles.at(
                        Path.of("-"),
                        Entity.LEDGER_ENTRY,
                        new ByteArrayInputStream(rows(3000).getBytes(StandardCharsets.UTF_8)))
                .get(0);
        Callable<?> failover = () -> {
            execute(fixture.database, END_SESSIONS.formatted(fixture.database.name()));
            return null;
        };
        fixture.backfill(100, after(1500, failover)).load(List.of(input));
        everyRowOnce(3000);
    }

    @Test
    void aTableThatSomebodyLocksIsWaitedForThoughStatementsTimeOut() throws Exception {
        loadBesideRows();
        try (HikariDataSource hasty = StoreConnections.generation(
                        BackfillFixture.GENERATION,
                        fixture.database.jdbcUrl(),
                        fixture.database.user(),
                        fixture.database.password(),
                        6,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(1));
                Connection locking = fixture.database.connect();
                Statement statement = locking.createStatement()) {
            locking.setAutoCommit(false);
            Backfill backfill = new Backfill(
                    BackfillFixture.settings(100, 1, Duration.ofMinutes(1)),
                    EventProfiles.load("canonical-v1"),
                    hasty,
                    after(
                            1000,
                            () -> statement.execute("LOCK TABLE " + Migrations.schema(BackfillFixture.GENERATION)
                                    + ".ledger_entry IN ACCESS EXCLUSIVE MODE")),
                    Clock.systemUTC());
            CompletableFuture<Manifest> load = load(backfill, file(3000));
            while (reasons.isEmpty()) {
                assertThat(load).isNotDone();
                TimeUnit.MILLISECONDS.sleep(20);
            }
            // In parts the load hardly waits for locks, so the reason is the lock and no longer the time-out.
            assertThat(reasons.peek()).startsWith("the store is away (55P03)");
            locking.rollback();
            assertThat(load.get().rows()).isEqualTo(3000);
        }
        everyRowOnce(3000);
    }

    @Test
    void anotherLoadThatClaimsTheInputEndsThisOne() throws Exception {
        Input input = file(3000);
        Callable<?> takeOver = () -> new Store(fixture.connections)
                .claim(new Source(Source.Kind.BACKFILL, input.name(), Source.NO_PARTITION), "another")
                .orElseThrow();
        assertThatThrownBy(() -> fixture.backfill(100, after(1500, takeOver)).load(List.of(input)))
                .isInstanceOf(FencedException.class);
    }

    @Test
    void whatNoWaitingHelpsAgainstEndsTheLoadWithItsReason() throws Exception {
        Callable<?> drop = () -> {
            execute(fixture.database, "DROP TABLE dead_letter");
            return null;
        };
        Path bad = Files.writeString(folder.resolve("bad.ndjson"), rows(1000) + "not json\n");
        assertThatThrownBy(() -> fixture.backfill(100, after(500, drop))
                        .load(List.of(new NdjsonInput(bad, Entity.LEDGER_ENTRY))))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("dead_letter");
        assertThat(reasons).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "throttle"})
    void theSourcesSnapshotIsGivenUpWhileTheLoadIsHeld(String how) throws Exception {
        TestDatabase database = SharedPostgres.newDatabase();
        execute(
                database,
                "CREATE TABLE entries AS SELECT 'tx-' || lpad(n::text, 5, '0') AS tx_id, 'w' AS wallet_id, 'PAYMENT' AS entry_type,"
                        + " 1 AS amount, now() AS event_time, 1 AS version FROM generate_series(1, 2000) AS n");
        LoadPause pause = new LoadPause(fixture.connections);
        try (HikariDataSource source = new HikariDataSource();
                LaggingConsumer consumer = new LaggingConsumer()) {
            source.setJdbcUrl(database.jdbcUrl() + "?ApplicationName=reader");
            source.setUsername(database.user());
            source.setPassword(database.password());
            boolean byPause = how.equals("pause");
            CompletableFuture<String> openWhenHeld = new CompletableFuture<>();
            Callable<?> hold = () -> {
                openWhenHeld.complete(openSnapshots(database));
                if (byPause) {
                    pause.pause("kim");
                } else {
                    consumer.lag("1000000");
                }
                return null;
            };
            ThrottleSettings throttle = new ThrottleSettings(
                    null, Duration.ofSeconds(1), byPause ? null : consumer.address(), 10, Duration.ofMinutes(10));
            // A pause is asked for once a second, so that the load must not be over before.
            BackfillProgress slowly = new BackfillProgress() {
                private final BackfillProgress held = after(300, hold);

                @Override
                public void begins(Input input, long rowsBefore) {}

                @Override
                public void applied(Input input, Chunk chunk, BatchResult applied) {
                    held.applied(input, chunk, applied);
                    try {
                        TimeUnit.MILLISECONDS.sleep(200);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            };
            Backfill backfill =
                    fixture.backfill(BackfillFixture.settings(100, 1, Duration.ofSeconds(1)), slowly, throttle);
            CompletableFuture<Manifest> load =
                    load(backfill, new TableInput(source, "entries", "tx_id", Entity.LEDGER_ENTRY));
            assertThat(openWhenHeld.get()).isEqualTo("1");
            while (!openSnapshots(database).equals("0")) {
                assertThat(load).isNotDone();
                TimeUnit.MILLISECONDS.sleep(50);
            }
            assertThat(load).isNotDone();
            assertThat(fixture.one("SELECT consumed < 2000 FROM coverage")).isEqualTo("t");
            if (byPause) {
                pause.resume();
            } else {
                consumer.lag("0");
            }
            assertThat(load.get().rows()).isEqualTo(2000);
        }
        everyRowOnce(2000);
    }

    private static String openSnapshots(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'reader' AND xact_start IS NOT NULL")) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void standardInputIsJudgedByItsFirstChunk() throws Exception {
        Input input = ExtractFiles.at(
                        Path.of("-"),
                        Entity.PAYMENT_ORDER,
                        new ByteArrayInputStream(rows(300).getBytes(StandardCharsets.UTF_8)))
                .get(0);
        LoadSettings settings = BackfillFixture.settings(200, 0.2, Duration.ofMinutes(1));
        assertThatThrownBy(() -> fixture.backfill(settings, BackfillFixture.QUIET, ThrottleSettings.OFF)
                        .load(List.of(input)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "-: 200 of its first 200 rows would become dead letters, more than the share of 0.2 (consumer.maxDeadShare)")
                .hasMessageContaining("the first is row 1, parse_error: ");
        assertThat(fixture.one("SELECT count(*) FROM dead_letter")).isEqualTo("0");
        assertThat(fixture.one("SELECT next_position FROM coverage")).isEqualTo("1");
    }
}
