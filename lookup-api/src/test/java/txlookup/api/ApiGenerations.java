package txlookup.api;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import txlookup.local.testing.TestDatabase;

/** A database with two generations that hold the same ids with other versions: an amount says which one answered. */
public final class ApiGenerations {
    /** Serves at first; its amounts are 1.00. */
    public static final long OLD = RunningApi.GENERATION;
    /** Is ready; its amounts are 2.00. */
    public static final long NEW = 20260206005000L;

    public static final int ROWS = 200;

    private static final String FILL = """
            SET search_path = g%d;
            INSERT INTO ledger_entry (event_time, created_at, source_time, digest, source_position, ingested_at, source_id,
                tx_id, wallet_id, entry_type, amount, related_id, related_type)
            SELECT '2026-02-05Z', '2026-02-05Z', '2026-02-05Z', 0, n, '2026-02-05Z', 1, 'TX-' || n, 'W-' || n, 'PAYMENT', %2$s,
                   'ORD-' || n, 'PAYMENT_ORDER'
            FROM generate_series(1, %3$d) n;
            INSERT INTO payment_order (created_at, source_time, digest, source_position, ingested_at, source_id, order_id,
                user_id, merchant_name, amount, status)
            SELECT '2026-02-05Z', '2026-02-05Z', 0, n, '2026-02-05Z', 1, 'ORD-' || n, 'U', 'M', %2$s, 'PAID'
            FROM generate_series(1, %3$d) n;
            INSERT INTO coverage (kind, name, partition, start_position, next_position, as_of, caught_up_at)
            VALUES ('STREAM', 'ledger', 0, 0, 50, '2026-02-05T00:00:00Z', '%4$s')""";

    private ApiGenerations() {}

    public static TestDatabase database() {
        TestDatabase database = RunningApi.served();
        RunningApi.migrate(database, NEW);
        fill(database, OLD, "1.00", "2026-02-05T01:00:01Z");
        fill(database, NEW, "2.00", "2026-02-05T01:00:02Z");
        RunningApi.register(database, NEW);
        return database;
    }

    /** Of the generation that it names, or something is mixed. */
    public static boolean isRight(long generation, String body) {
        return body.contains("\"amount\":\"" + (generation == OLD ? "1.00" : "2.00") + "\"");
    }

    public static void state(TestDatabase database, long generation, String state) {
        execute(database, "UPDATE bo.generation SET state = '%s' WHERE generation = %d".formatted(state, generation));
    }

    public static void share(TestDatabase database, int share) {
        execute(database, "UPDATE bo.serving SET candidate = %d, share = %d, epoch = epoch + 1".formatted(NEW, share));
    }

    public static void execute(TestDatabase database, String sql) {
        try (Connection store = database.connect();
                Statement statement = store.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public static long number(TestDatabase database, String sql) {
        try (Connection store = database.connect();
                Statement statement = store.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void fill(TestDatabase database, long generation, String amount, String caughtUp) {
        execute(database, FILL.formatted(generation, amount, ROWS, caughtUp));
    }
}
