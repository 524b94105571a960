package txlookup.backfill.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.apply.model.Entity;
import txlookup.apply.store.position.BatchResult;
import txlookup.backfill.BackfillFixture;
import txlookup.backfill.Manifest;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/** A query of somebody's own, to a second kind of database and to PostgreSQL. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class QueryInputIT {
    private static final String STORED = """
            SELECT count(*) || ' ' || sum(digest) || ' ' || md5(string_agg(concat_ws('|', tx_id, wallet_id, entry_type, amount,
                amount_signed, event_time AT TIME ZONE 'UTC', updated_at AT TIME ZONE 'UTC', version), ',' ORDER BY tx_id))
            FROM ledger_entry""";

    private static final String ONE = """
            SELECT concat_ws('|', wallet_id, entry_type, amount, amount_signed, event_time AT TIME ZONE 'UTC',
                             updated_at AT TIME ZONE 'UTC', version)
            FROM ledger_entry WHERE tx_id = 'tx-00101'""";

    /** A source that knows nothing of the contract: its own names, a status that filters, a number for a kind. */
    private static final String TABLE = """
            CREATE TABLE movements (
                id bigint PRIMARY KEY, account varchar(40), kind int, won numeric(20,2), fee numeric(20,4),
                booked_at timestamp with time zone, changed_at timestamp, revision bigint, note varchar(200))""";

    private static final String ROW = """
            INSERT INTO movements VALUES (%1$d, '지갑-%1$d', %2$d, %1$d.10, %3$s, TIMESTAMP WITH TIME ZONE '2026-02-05 10:00:%4$02d.123456+09',
                TIMESTAMP '2026-02-05 01:00:%4$02d', %1$d, 'a "quoted" note')""";

    private static final String QUERY = """
            SELECT concat('tx-', lpad(cast(id AS varchar(10)), 5, '0')) AS tx_id, account AS wallet_id,
                   CASE kind WHEN 1 THEN 'PAYMENT' ELSE 'RECEIVE' END AS entry_type, won AS amount, fee AS amount_signed,
                   booked_at AS event_time, changed_at AS updated_at, revision AS version
            FROM movements WHERE kind > 0""";

    private static HikariDataSource source(String kind) throws SQLException {
        HikariDataSource source = new HikariDataSource();
        if (kind.equals("h2")) {
            source.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        } else {
            TestDatabase database = SharedPostgres.newDatabase();
            source.setJdbcUrl(database.jdbcUrl());
            source.setUsername(database.user());
            source.setPassword(database.password());
        }
        source.setMaximumPoolSize(4);
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
            for (int id = 1; id <= 1000; id++) {
                statement.execute(ROW.formatted(id, id % 3, id % 2 == 0 ? "-" + id : "NULL", id % 60));
            }
        }
        return source;
    }

    private static QueryInput query(HikariDataSource source) {
        return new QueryInput(source, "backfill.jdbc.ledgerQuery", QUERY, Entity.LEDGER_ENTRY, 50);
    }

    @Test
    void aRowThatIsTooLongIsSetAsideWithItsBeginningByQueryAndByTable() throws Exception {
        try (HikariDataSource source = source("postgresql");
                Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                BackfillFixture fixture = new BackfillFixture()) {
            statement.execute("""
                    CREATE TABLE wide AS
                    SELECT 'tx-' || n AS tx_id, CASE n WHEN 2 THEN repeat('w', 17000000) ELSE 'w' END AS wallet_id,
                           'PAYMENT' AS entry_type, 1 AS amount, now() AS event_time FROM generate_series(1, 3) AS n""");
            Manifest manifest = fixture.backfill(90, BackfillFixture.QUIET)
                    .load(List.of(
                            new QueryInput(source, "a.query", "SELECT * FROM wide", Entity.LEDGER_ENTRY, 50),
                            new TableInput(source, "wide", "tx_id", Entity.LEDGER_ENTRY)));
            assertThat(manifest.rejected()).isEqualTo(2);
            assertThat(
                            fixture.one(
                                    "SELECT string_agg(reason || ' ' || position || ' ' || length(record_value) || ' ' || (detail LIKE 'the row has 17,000,%'), ', ') FROM dead_letter"))
                    .isEqualTo("value_out_of_range 2 65536 true, value_out_of_range 2 65536 true");
            assertThat(fixture.one("SELECT string_agg(tx_id, ',' ORDER BY tx_id) FROM ledger_entry"))
                    .isEqualTo("tx-1,tx-3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void readsWhateverTheQueryMakesOfItsTables(String kind) throws Exception {
        try (HikariDataSource source = source(kind);
                BackfillFixture fixture = new BackfillFixture()) {
            Manifest manifest = fixture.backfill(90, BackfillFixture.QUIET).load(List.of(query(source)));
            assertThat(manifest.rows()).isEqualTo(667);
            assertThat(manifest.rejected()).isZero();
            assertThat(fixture.one(ONE))
                    .isEqualTo("지갑-101|RECEIVE|101.10|2026-02-05 01:00:41.123456|2026-02-05 01:00:41|101");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void goesOnAfterTheLastKeyOfAKilledRun(String kind) throws Exception {
        BackfillProgress dying = new BackfillProgress() {
            @Override
            public void begins(Input input, long rowsBefore) {}

            @Override
            public void applied(Input input, Chunk chunk, BatchResult applied) {
                if (chunk.nextPosition() > 300) {
                    throw new IllegalStateException("killed");
                }
            }
        };
        try (HikariDataSource source = source(kind);
                BackfillFixture fixture = new BackfillFixture();
                BackfillFixture uninterrupted = new BackfillFixture()) {
            uninterrupted.backfill(90, BackfillFixture.QUIET).load(List.of(query(source)));
            assertThatThrownBy(() -> fixture.backfill(90, dying).load(List.of(query(source))))
                    .hasMessage("killed");
            assertThat(fixture.one("SELECT resume_from FROM coverage WHERE kind = 'BACKFILL'"))
                    .startsWith("tx-00");
            Manifest manifest = fixture.backfill(90, BackfillFixture.QUIET).load(List.of(query(source)));
            assertThat(manifest.rows()).isEqualTo(667);
            assertThat(fixture.one(STORED)).isEqualTo(uninterrupted.one(STORED));
        }
    }

    @Test
    void givesWhatTheTableItselfGives() throws Exception {
        try (HikariDataSource source = source("postgresql");
                BackfillFixture byTable = new BackfillFixture();
                BackfillFixture byQuery = new BackfillFixture()) {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE made AS " + QUERY);
            }
            byTable.backfill(90, BackfillFixture.QUIET)
                    .load(List.of(new TableInput(source, "made", "tx_id", Entity.LEDGER_ENTRY)));
            byQuery.backfill(90, BackfillFixture.QUIET).load(List.of(query(source)));
            assertThat(byQuery.one(STORED)).isEqualTo(byTable.one(STORED));
        }
    }

    @Test
    void aChangedQueryIsAnotherInput() throws Exception {
        try (HikariDataSource source = source("h2")) {
            QueryInput changed =
                    new QueryInput(source, "backfill.jdbc.ledgerQuery", QUERY + " AND id > 5", Entity.LEDGER_ENTRY, 50);
            assertThat(query(source).name()).matches("backfill\\.jdbc\\.ledgerQuery#[0-9a-f]{8}");
            assertThat(changed.name()).isNotEqualTo(query(source).name());
            assertThat(changed.size()).hasValue(663);
        }
    }

    @Test
    void saysWhichColumnIsMissing() throws Exception {
        try (HikariDataSource source = source("h2");
                BackfillFixture fixture = new BackfillFixture()) {
            Input input = new QueryInput(
                    source, "backfill.jdbc.ledgerQuery", "SELECT id, won FROM movements", Entity.LEDGER_ENTRY, 50);
            assertThatThrownBy(() -> fixture.backfill(90, BackfillFixture.QUIET).load(List.of(input)))
                    .hasMessage(
                            "backfill.jdbc.ledgerQuery has no column tx_id, which orders it; it has id, won. Name its columns as the contract does");
        }
    }
}
