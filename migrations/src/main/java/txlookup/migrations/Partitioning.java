package txlookup.migrations;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Parts the entries and orders of a new generation by a hash of their key: the indexes of one part stay in memory longer,
 * and vacuum has as many small tables to do as there are parts.
 */
final class Partitioning {
    // Empty, and plain so far.
    private static final String IS_POSSIBLE = """
            SELECT relkind = 'r' AND NOT EXISTS (SELECT 1 FROM %1$s) FROM pg_class WHERE oid = '%1$s'::regclass""";

    // With the table's name, which the parted one has in its place.
    private static final String INDEXES = """
            SELECT CASE WHEN con.oid IS NULL THEN pg_get_indexdef(i.indexrelid)
                        ELSE format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', '%1$s', con.conname, pg_get_constraintdef(con.oid)) END,
                   format('COMMENT ON INDEX %%s IS %%L', i.indexrelid::regclass, obj_description(i.indexrelid, 'pg_class'))
            FROM pg_index i LEFT JOIN pg_constraint con ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid
            WHERE i.indrelid = '%1$s'::regclass ORDER BY con.oid IS NULL, i.indexrelid""";

    private static final String STORAGE =
            "SELECT coalesce('WITH (' || array_to_string(reloptions, ', ') || ')', '') FROM pg_class WHERE oid = '%s'::regclass";

    private static final String WHOLE = "ALTER TABLE %s RENAME TO %s_whole";

    private static final String PARTED = """
            CREATE TABLE %1$s (LIKE %1$s_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMMENTS)
            PARTITION BY HASH (%2$s)""";

    private static final String PART = """
            CREATE TABLE %1$s_p%2$02d PARTITION OF %1$s FOR VALUES WITH (MODULUS %3$d, REMAINDER %2$d) %4$s""";

    private Partitioning() {}

    /** Parts the tables of a schema that has just been made, all of them or none. One that holds rows stays as it is. */
    static void part(Connection connection, String schema, int partitions) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            // So that each name that the server tells has its schema before it.
            execute(connection, "SET LOCAL search_path = pg_catalog");
            for (Map.Entry<String, String> table : Spreading.KEYS.entrySet()) {
                String name = schema + "." + table.getKey();
                if (strings(connection, IS_POSSIBLE.formatted(name)).equals(List.of("t"))) {
                    part(connection, name, table.getKey(), table.getValue(), partitions);
                }
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(autoCommit);
        }
    }

    private static void part(Connection connection, String name, String table, String key, int partitions)
            throws SQLException {
        List<String> indexes = strings(connection, INDEXES.formatted(name));
        String storage = strings(connection, STORAGE.formatted(name)).get(0);
        execute(connection, WHOLE.formatted(name, table));
        execute(connection, PARTED.formatted(name, key));
        for (int part = 0; part < partitions; part++) {
            execute(connection, PART.formatted(name, part, partitions, storage));
        }
        // Its indexes go with it, and leave their names.
        execute(connection, "DROP TABLE %s_whole".formatted(name));
        for (String statement : indexes) {
            execute(connection, statement);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** All columns of all rows. */
    private static List<String> strings(Connection connection, String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            int columns = row.getMetaData().getColumnCount();
            while (row.next()) {
                for (int column = 1; column <= columns; column++) {
                    found.add(row.getString(column));
                }
            }
        }
        return found;
    }
}
