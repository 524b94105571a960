package txlookup.migrations.lint;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Whether the columns that a revision adds give back what docs/contract.md lets in: it is put into each, and read
 * again.
 */
final class NewColumns {
    private static final String COLUMNS = """
            SELECT format('bo.%I.%I', relname, attname), format('%I', attname), format('bo.%I', relname), typname
            FROM pg_class
            JOIN pg_attribute ON attrelid = pg_class.oid
            JOIN pg_type ON pg_type.oid = atttypid
            WHERE relnamespace = to_regnamespace('bo') AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
                AND attgenerated = ''
            """;
    private static final List<String> AMOUNTS = List.of("10000.00", "0.1", "12345678901234567890.123456789");
    private static final List<String> TEXTS = List.of("a", "x".repeat(300));
    private static final List<String> TIMES = List.of("2026-02-05T10:00:00.123456+09:00");

    private NewColumns() {}

    static Set<String> all(Connection connection) throws SQLException {
        return Set.copyOf(StoreInUse.column(connection, COLUMNS));
    }

    static List<String> lossy(Connection connection, Set<String> before) throws SQLException {
        List<String> lossy = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(COLUMNS)) {
            while (found.next()) {
                if (!before.contains(found.getString(1))) {
                    lossy.addAll(tryOut(connection, found.getString(3), found.getString(2), found.getString(4)));
                }
            }
        }
        return lossy;
    }

    private static List<String> tryOut(Connection connection, String table, String column, String type)
            throws SQLException {
        List<String> faults = new ArrayList<>();
        Savepoint before = connection.setSavepoint();
        StoreInUse.run(
                connection,
                "CREATE TEMPORARY TABLE tried AS SELECT %s AS tried FROM %s LIMIT 0; SET LOCAL TimeZone = 'UTC'"
                        .formatted(column, table));
        List<String> samples =
                switch (type) {
                    case "numeric", "float4", "float8", "money" -> AMOUNTS;
                    case "text", "varchar", "bpchar" -> TEXTS;
                    case "timestamp", "timestamptz" -> TIMES;
                    default -> List.of();
                };
        String comparison = samples == TIMES ? "tried::timestamptz = '%s'::timestamptz" : "tried::text = '%s'";
        Savepoint empty = connection.setSavepoint();
        for (String sample : samples) {
            try {
                StoreInUse.run(connection, "INSERT INTO tried VALUES ('%s')".formatted(sample));
                String same = StoreInUse.column(
                                connection, "SELECT bool_and(%s) FROM tried".formatted(comparison.formatted(sample)))
                        .get(0);
                if (!same.equals("t")) {
                    faults.add("%s does not give back '%s'".formatted(column, sample));
                }
            } catch (SQLException e) {
                faults.add("%s does not take '%s'".formatted(column, sample));
            }
            connection.rollback(empty);
        }
        connection.rollback(before);
        return faults;
    }
}
