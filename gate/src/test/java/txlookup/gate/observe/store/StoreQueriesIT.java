package txlookup.gate.observe.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;

/** Questions about some payments are answered from these, however many others there are. */
class StoreQueriesIT {
    private static final long GENERATION = 20260205010000L;

    // Of every third payment the receiver is missing.
    private static final String ROWS = """
            INSERT INTO payment_order (created_at, source_time, digest, source_position, ingested_at, source_id,
                order_id, amount, status)
            SELECT now(), now(), n, n, now(), 1, 'ORD-' || n, n, 'PAID' FROM generate_series(1, 10000) n;
            INSERT INTO ledger_entry (event_time, created_at, source_time, digest, source_position, ingested_at, source_id,
                tx_id, wallet_id, entry_type, amount, related_id, related_type)
            SELECT now(), now(), now(), n, n, now(), 1, 'TX-' || n || side, 'W-' || n, side, n, 'ORD-' || n, 'PAYMENT_ORDER'
            FROM generate_series(1, 10000) n, unnest(ARRAY['PAYMENT', 'RECEIVE']) side
            WHERE side = 'PAYMENT' OR n % 3 > 0""";

    // Where the tables are on several servers, the one that asks them keeps at most so many kilobytes of an answer.
    private static final String FEW = """
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET citus.max_intermediate_result_size = 128', current_database());
            END $$""";

    @Test
    void theyAreAskedOfAsManyEntriesAsTheyAreAbout() throws Exception {
        TestDatabase database = SharedPostgres.newDatabase();
        Migrations.toHead(database.connections(), GENERATION);
        try (HikariDataSource filling = connections(database);
                Connection connection = filling.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(ROWS);
            connection.commit();
            statement.execute(FEW);
            connection.commit();
        }
        try (HikariDataSource store = connections(database)) {
            StoreQueries queries = new StoreQueries(store);
            assertThat(queries.pairing(null)).hasSize(100).allSatisfy((id, status) -> assertThat(status)
                    .isEqualTo(Integer.parseInt(id.substring(4)) % 3 == 0 ? "INCOMPLETE" : "COMPLETE"));
            assertThat(queries.pairing(List.of("ORD-3", "ORD-4", "NONE")))
                    .isEqualTo(Map.of("ORD-3", "INCOMPLETE", "ORD-4", "COMPLETE"));
            assertThat(queries.someEntries()).hasSizeGreaterThanOrEqualTo(200);
        } finally {
            SharedPostgres.drop(database);
        }
    }

    private static HikariDataSource connections(TestDatabase database) {
        return StoreConnections.generation(
                GENERATION,
                database.jdbcUrl(),
                database.user(),
                database.password(),
                2,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30));
    }
}
