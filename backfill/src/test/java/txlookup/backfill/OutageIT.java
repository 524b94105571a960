package txlookup.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import txlookup.apply.model.Entity;
import txlookup.apply.store.position.BatchResult;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;
import txlookup.backfill.source.NdjsonInput;
import txlookup.backfill.source.TableInput;
import txlookup.local.postgres.LocalPostgres;
import txlookup.local.postgres.PostgresSettings;
import txlookup.local.testing.GivenStore;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/**
 * A load whose store is stopped, crashes and is stopped again, and whose source is stopped and crashes: it waits each time,
 * resumes by itself, and in the end the store is the source, with every row counted once.
 */
@Tag("nightly")
@DisabledIfSystemProperty(named = GivenStore.URL, matches = ".+", disabledReason = "it stops servers of its own")
class OutageIT {
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.parse(System.getProperty("txlookup.tests.outage", "PT1M"));

    private static final String TABLE = """
            CREATE TABLE transaction_ledger AS
            SELECT 'tx-' || lpad(n::text, 9, '0') AS tx_id, 'wallet-' || mod(n, 9973) AS wallet_id,
                   CASE mod(n, 2) WHEN 0 THEN 'PAYMENT' ELSE 'RECEIVE' END AS entry_type, n * 1.10 AS amount,
                   'order-' || n / 2 AS related_id, timestamptz '2026-02-05 00:00:00.123456+00' + n * interval '1 second' AS event_time,
                   timestamptz '2026-02-05 00:00:00+00' + n * interval '1 microsecond' AS updated_at, n::bigint AS version, repeat(md5(n::text), %d) AS pad
            FROM generate_series(1, %d) AS n""";

    private static final String ROWS = """
            SELECT count(*) || ' ' || sum(hashtextextended(concat_ws('|', tx_id, wallet_id, entry_type, amount, related_id,
                extract(epoch FROM event_time), extract(epoch FROM updated_at), version), 0)::numeric)
            FROM %s""";

    private static final String COUNTS = """
            SELECT consumed || ' rows, ' || applied || ' applied, ' || dead || ' dead, next ' || next_position
            FROM coverage WHERE kind = 'BACKFILL' AND entity = 'LEDGER_ENTRY' AND name = 'transaction_ledger'""";

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aLoadIntoAnEmptyStoreOutlivesItsStoreAndItsSource() throws Exception {
        load(50_000, 500, false, SHORT);
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aLoadBesideRowsOutlivesItsStoreAndItsSource() throws Exception {
        load(50_000, 500, true, SHORT);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void aLoadOfTwoMillionRowsOutlivesItsStoreAndItsSource() throws Exception {
        load(Integer.getInteger("txlookup.tests.rows", 2_000_000), 10_000, true, LONG);
    }

    private record Server(LocalPostgres server, PostgresSettings settings) {
        static Server start(Path data) {
            PostgresSettings settings = SharedPostgres.settings(data);
            Server server = new Server(LocalPostgres.start(settings), settings);
            server.server.createDatabase("payments");
            return server;
        }

        TestDatabase database() {
            return new TestDatabase("payments", server.jdbcUrl("payments"), settings.superuser(), settings.password());
        }
    }

    private void load(int rows, int chunkRows, boolean besideRows, Duration outage) throws Exception {
        Server source = Server.start(folder.resolve("source"));
        Server target = Server.start(folder.resolve("target"));
        try (LocalPostgres sourceServer = source.server();
                LocalPostgres store = target.server();
                HikariDataSource tables = new HikariDataSource();
                BackfillFixture fixture =
                        new BackfillFixture(BackfillFixture.migrated(target.database()), Duration.ofSeconds(3))) {
            String wanted = fill(source.database(), rows);
            tables.setJdbcUrl(source.database().jdbcUrl());
            tables.setUsername(source.database().user());
            tables.setPassword(source.database().password());
            tables.setConnectionTimeout(3_000);
            if (besideRows) {
                Path one = Files.writeString(folder.resolve("one.ndjson"), """
                        {"order_id":"o","amount":"1","status":"PAID","created_at":"2026-02-05T01:00:00Z","version":1}""");
                fixture.backfill(10, BackfillFixture.QUIET).load(List.of(new NdjsonInput(one, Entity.PAYMENT_ORDER)));
            }
            Outages outages = new Outages(
                    rows,
                    outage,
                    new Outage(store::stop, store::restart),
                    new Outage(sourceServer::stop, sourceServer::restart),
                    new Outage(store::crash, store::restart),
                    new Outage(sourceServer::crash, sourceServer::restart),
                    new Outage(store::stop, store::restart));

            Manifest manifest = fixture.backfill(chunkRows, outages)
                    .load(List.of(new TableInput(tables, "transaction_ledger", "tx_id", Entity.LEDGER_ENTRY)));

            assertThat(outages.left).as("outages that did not happen").isEmpty();
            assertThat(manifest.rows()).isEqualTo(rows);
            assertThat(fixture.one(ROWS.formatted("ledger_entry"))).isEqualTo(wanted);
            assertThat(fixture.one(COUNTS))
                    .isEqualTo("%1$d rows, %1$d applied, 0 dead, next %2$d".formatted(rows, rows + 1));
            assertThat(fixture.one("SELECT count(*) FROM dead_letter")).isEqualTo("0");
            assertThat(outages.reasons)
                    .anyMatch(reason -> reason.startsWith("the store is away ("))
                    .anyMatch(reason -> reason.startsWith("the source of transaction_ledger is away ("));
            assertThat(outages.resumed).as("each wait ends").hasValueGreaterThan(0);
        }
    }

    private static String fill(TestDatabase source, int rows) throws SQLException {
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            // Wide, so that most of it is still in the server when its turn comes to be away.
            statement.execute(TABLE.formatted(rows <= 50_000 ? 40 : 4, rows));
            statement.execute("ALTER TABLE transaction_ledger ADD PRIMARY KEY (tx_id)");
            statement.execute("CHECKPOINT");
            try (ResultSet row = statement.executeQuery(ROWS.formatted("transaction_ledger"))) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private record Outage(Runnable begin, Runnable end) {}

    /** Begins each outage right after a commit, spread over the load, and ends it after a while. */
    private static final class Outages implements BackfillProgress {
        private final ConcurrentLinkedQueue<Outage> left = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<String> reasons = new ConcurrentLinkedQueue<>();
        private final AtomicLong resumed = new AtomicLong();
        private final Executor later;
        private final int rows;
        private final int all;

        Outages(int rows, Duration each, Outage... outages) {
            this.rows = rows;
            this.later = CompletableFuture.delayedExecutor(each.toMillis(), TimeUnit.MILLISECONDS);
            this.all = outages.length;
            left.addAll(List.of(outages));
        }

        @Override
        public void begins(Input input, long rowsBefore) {}

        @Override
        public void applied(Input input, Chunk chunk, BatchResult applied) {
            int begun = all - left.size();
            if (chunk.nextPosition() > (long) rows * (begun + 1) / (all + 1)) {
                Outage next = left.poll();
                if (next != null) {
                    next.begin().run();
                    later.execute(next.end());
                }
            }
        }

        @Override
        public void waits(Input input, String reason) {
            reasons.add(reason);
        }

        @Override
        public void resumes(Input input) {
            resumed.incrementAndGet();
        }
    }
}
