package txlookup.bench.scale;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import txlookup.bench.measure.Metrics;

/** What a store takes on the disk: bytes an entry or order, of each table and of each index by its first column. */
final class StoreSizes {
    private static final String PARTS = """
            SELECT c.oid FROM pg_class AS c WHERE c.oid = '%1$s'::regclass
            UNION ALL SELECT inhrelid FROM pg_inherits WHERE inhparent = '%1$s'::regclass""";

    private static final String SIZES = """
            WITH part AS (%s)
            SELECT 'rows', sum(pg_table_size(oid)) FROM part
            UNION ALL
            SELECT pg_get_indexdef(indexrelid, 1, true), sum(pg_relation_size(indexrelid))
            FROM pg_index WHERE indrelid IN (SELECT oid FROM part) GROUP BY 1""";

    private StoreSizes() {}

    static void measure(Metrics figures, ScaledStore store, ScalePoint point) throws SQLException {
        long entries = store.number("SELECT count(*) FROM ledger_entry");
        long orders = store.number("SELECT count(*) FROM payment_order");
        figures.put("entries", entries);
        figures.put("orders", orders);
        try (Connection connection = store.connect();
                Statement statement = connection.createStatement()) {
            long all = sizes(figures, statement, "ledger_entry", "entry_", entries)
                    + sizes(figures, statement, "payment_order", "order_", orders);
            figures.put("store_mb", all / 1_000_000);
            figures.put("bytes_an_entry", all / point.entries());
        }
    }

    private static long sizes(Metrics figures, Statement statement, String table, String prefix, long rows)
            throws SQLException {
        long all = 0;
        try (ResultSet row = statement.executeQuery(SIZES.formatted(PARTS.formatted(table)))) {
            while (row.next()) {
                figures.put(prefix + row.getString(1) + "_bytes", row.getLong(2) / rows);
                all += row.getLong(2);
            }
        }
        return all;
    }
}
