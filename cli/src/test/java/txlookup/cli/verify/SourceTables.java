package txlookup.cli.verify;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.traffic.Event;
import txlookup.traffic.Payments;

/** A source database with the two tables that a backfill reads. */
public final class SourceTables {
    private static final String TABLES = """
            CREATE TABLE transaction_ledger (
                tx_id text PRIMARY KEY, wallet_id text NOT NULL, entry_type text NOT NULL, amount numeric NOT NULL,
                amount_signed numeric, related_id text, related_type text, event_time timestamptz NOT NULL,
                created_at timestamptz NOT NULL, updated_at timestamptz, version bigint);
            CREATE TABLE payment_orders (
                order_id text PRIMARY KEY, user_id text, merchant_name text, amount numeric NOT NULL, status text NOT NULL,
                created_at timestamptz NOT NULL, updated_at timestamptz, version bigint)""";

    private static final String ENTRIES = """
            INSERT INTO transaction_ledger
            SELECT * FROM jsonb_populate_recordset(NULL::transaction_ledger, ?::jsonb)""";

    private static final String ORDERS = """
            INSERT INTO payment_orders
            SELECT * FROM jsonb_populate_recordset(NULL::payment_orders, ?::jsonb)""";

    private SourceTables() {}

    public static TestDatabase filled(Payments payments, long count) throws SQLException {
        TestDatabase database = SharedPostgres.newDatabase();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLES);
            insert(connection, ENTRIES, rows(payments, count, Event.Kind.LEDGER_ENTRY));
            insert(connection, ORDERS, rows(payments, count, Event.Kind.PAYMENT_ORDER));
        }
        return database;
    }

    private static void insert(Connection connection, String sql, String rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, rows);
            statement.executeUpdate();
        }
    }

    private static String rows(Payments payments, long count, Event.Kind kind) {
        return LongStream.range(0, count)
                .mapToObj(payments::state)
                .flatMap(state -> state.stream().filter(event -> event.kind() == kind))
                .map(event -> new String(event.value(), StandardCharsets.UTF_8))
                .collect(Collectors.joining(",", "[", "]"));
    }
}
