package txlookup.gate.observe.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What the gate asks one generation: read-only, one statement a question. */
public final class StoreQueries {
    private static final String STREAM = """
            SELECT name, partition, topic_id, start_position, next_position, consumed,
                   applied + stale + duplicate + dead AS accounted,
                   extract(epoch FROM clock_timestamp() - greatest(applied_until, caught_up_at, as_of))::float8 AS age
            FROM coverage WHERE kind = 'STREAM' ORDER BY name, partition""";

    private static final String UNFINISHED_INPUTS = """
            SELECT name FROM coverage
            WHERE kind = 'BACKFILL' AND completed_at IS NULL ORDER BY name""";

    private static final String UNACCOUNTED_INPUTS = """
            SELECT name FROM coverage
            WHERE kind = 'BACKFILL' AND consumed <> applied + stale + duplicate + dead ORDER BY name""";

    // From the anchor until it was ready; while it is not, until now.
    private static final String CATCH_UP = """
            SELECT extract(epoch FROM coalesce(min(at) FILTER (WHERE state = 'READY'), clock_timestamp())
                       - min(at) FILTER (WHERE state = 'ANCHORED'))::float8
            FROM bo.generation_transition WHERE generation = ?""";

    private static final String REBUILD = """
            SELECT extract(epoch FROM coalesce(min(at) FILTER (WHERE state = 'READY'), clock_timestamp())
                       - min(at) FILTER (WHERE state = 'PLANNED'))::float8
            FROM bo.generation_transition WHERE generation = ?""";

    // A percent of the pages is enough of a large table and cheap; of a small one it may be nothing.
    private static final String SOME_ENTRIES = """
            (SELECT tx_id, wallet_id FROM ledger_entry TABLESAMPLE SYSTEM (1) LIMIT 1000)
            UNION ALL (SELECT tx_id, wallet_id FROM ledger_entry LIMIT 200)""";

    private static final String SOME_ORDERS =
            "SELECT order_id FROM payment_order WHERE ?::text[] IS NULL OR order_id = ANY (?::text[]) LIMIT 100";

    // What the contract says of a payment, read from its entries alone; of the orders only their ids are taken along,
    // as
    // tables that are spread over several servers cannot be joined.
    private static final String PAIRING = """
            SELECT related_id,
                   CASE WHEN bool_or(entry_type = 'PAYMENT' AND coalesce(related_type, 'PAYMENT_ORDER') = 'PAYMENT_ORDER')
                             AND bool_or(entry_type = 'RECEIVE' AND coalesce(related_type, 'PAYMENT_ORDER') = 'PAYMENT_ORDER')
                        THEN 'COMPLETE' ELSE 'INCOMPLETE' END
            FROM ledger_entry WHERE related_id = ANY (?) GROUP BY related_id""";

    private final DataSource store;

    /** @param store connections of the generation */
    public StoreQueries(DataSource store) {
        this.store = store;
    }

    /**
     * How far one partition is applied.
     *
     * @param ageSeconds since everything published until then was applied, by the store's clock
     */
    public record Partition(
            String topic,
            int number,
            @Nullable String topicId,
            long start,
            long next,
            long consumed,
            long accounted,
            double ageSeconds) {
        public String name() {
            return topic + "-" + number;
        }
    }

    /**
     * How far a run's markers are visible in a partition.
     *
     * @param sequence the newest one's number
     * @param markers how many
     */
    public record Passed(TopicPartition partition, long sequence, long markers) {}

    public record Entry(String txId, String walletId) {}

    public List<Partition> stream() throws SQLException {
        return list(
                STREAM,
                row -> new Partition(
                        row.getString(1),
                        row.getInt(2),
                        row.getString(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7),
                        row.getDouble(8)));
    }

    List<String> unfinishedInputs() throws SQLException {
        return list(UNFINISHED_INPUTS, row -> row.getString(1));
    }

    List<String> unaccountedInputs() throws SQLException {
        return list(UNACCOUNTED_INPUTS, row -> row.getString(1));
    }

    OptionalDouble catchUpSeconds(long generation) throws SQLException {
        return seconds(CATCH_UP, generation);
    }

    OptionalDouble rebuildSeconds(long generation) throws SQLException {
        return seconds(REBUILD, generation);
    }

    public List<Entry> someEntries() throws SQLException {
        return list(SOME_ENTRIES, row -> new Entry(row.getString(1), row.getString(2)));
    }

    /** @param orders of which; null for some of the store's */
    public Map<String, String> pairing(@Nullable List<String> orders) throws SQLException {
        String[] ids = orders == null ? null : orders.toArray(String[]::new);
        List<String> some = list(SOME_ORDERS, row -> row.getString(1), ids, ids);
        Map<String, String> statuses = new TreeMap<>();
        some.forEach(order -> statuses.put(order, "UNKNOWN"));
        list(PAIRING, row -> statuses.put(row.getString(1), row.getString(2)), (Object) some.toArray(String[]::new));
        return statuses;
    }

    private OptionalDouble seconds(String sql, long generation) throws SQLException {
        List<OptionalDouble> found = list(
                sql,
                row -> {
                    double seconds = row.getDouble(1);
                    return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(seconds);
                },
                generation);
        return found.get(0);
    }

    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> list(String sql, Row<T> reader, @Nullable Object... parameters) throws SQLException {
        try (Connection connection = store.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(
                        i + 1,
                        parameters[i] instanceof String[] texts
                                ? connection.createArrayOf("text", texts)
                                : parameters[i]);
            }
            List<T> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(reader.read(row));
                }
            }
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
            return rows;
        }
    }
}
