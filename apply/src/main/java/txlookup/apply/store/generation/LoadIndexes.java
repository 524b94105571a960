package txlookup.apply.store.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import txlookup.apply.store.batch.BulkTable;
import txlookup.apply.store.sql.Statements;

/**
 * The indexes of a table that a fresh load fills: remembered in the generation's schema before they are dropped, and made
 * again exactly as the server described them, with their constraints and comments.
 */
public final class LoadIndexes {
    private static final String IS_MIGRATED = "SELECT to_regclass('g%d.load_index') IS NOT NULL";

    private static final String ARE_REMEMBERED = "SELECT EXISTS (SELECT FROM g%d.load_index)";

    private static final String REMEMBER = """
            INSERT INTO load_index (name, table_name, definition, constraint_type, comment, constraint_comment)
            SELECT c.relname, t.relname,
                   CASE WHEN con.oid IS NOT NULL AND (t.relkind = 'p' OR t.relispartition)
                        THEN format('ALTER TABLE %I ADD CONSTRAINT %I %s', t.relname, con.conname, pg_get_constraintdef(con.oid))
                        ELSE replace(pg_get_indexdef(c.oid), ' ON ONLY ', ' ON ') END,
                   con.contype, obj_description(c.oid, 'pg_class'),
                   obj_description(con.oid, 'pg_constraint')
            FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_class AS t ON t.oid = i.indrelid
            LEFT JOIN pg_constraint AS con ON con.conindid = c.oid AND con.conrelid = t.oid AND con.contype IN ('p', 'u')
            WHERE (t.oid = ?::regclass OR t.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = ?::regclass))
              AND i.indisvalid AND NOT i.indisexclusion
            ON CONFLICT ON CONSTRAINT load_index_pkey DO NOTHING""";

    // A killed run may have made an index, and not yet its constraint.
    private static final String HERE = """
            FROM load_index LEFT JOIN pg_constraint AS con
                ON con.conindid = to_regclass(format('%I.%I', current_schema(), name)) AND con.contype IN ('p', 'u')
            WHERE table_name = ? AND to_regclass(format('%I.%I', current_schema(), name)) IS""";

    private static final String DROP = """
            SELECT CASE WHEN con.oid IS NULL THEN format('DROP INDEX %I', name)
                   ELSE format('ALTER TABLE %I DROP CONSTRAINT %I', table_name, name) END
            """ + HERE + " NOT NULL";

    private static final String MISSING =
            "SELECT definition " + HERE + " NULL ORDER BY constraint_type NULLS LAST, name";

    // What a table with partitions finds in each of them, it takes for its own index there.
    private static final String MISSING_IN_PARTS = """
            SELECT definition FROM load_index JOIN pg_inherits ON inhrelid = to_regclass(format('%I.%I', current_schema(), table_name))
            WHERE inhparent = ?::regclass AND to_regclass(format('%I.%I', current_schema(), name)) IS NULL
            ORDER BY constraint_type NULLS LAST, name""";

    private static final String DESCRIBE = """
            SELECT unnest(array_remove(ARRAY[
                CASE WHEN constraint_type IS NOT NULL AND con.oid IS NULL THEN format(
                    'ALTER TABLE %I ADD CONSTRAINT %I %s USING INDEX %2$I', table_name, name,
                    CASE constraint_type WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END) END,
                format('COMMENT ON INDEX %I IS %L', name, comment),
                CASE WHEN constraint_type IS NOT NULL THEN format(
                    'COMMENT ON CONSTRAINT %I ON %I IS %L', name, table_name, constraint_comment) END], NULL))
            """ + HERE + " NOT NULL";

    private static final String FORGET = "DELETE FROM load_index";

    private LoadIndexes() {}

    /** Whether a generation's load is half way. */
    public static boolean areRemembered(Connection connection, long generation) throws SQLException {
        return Statements.isTrue(connection, IS_MIGRATED.formatted(generation))
                && Statements.isTrue(connection, ARE_REMEMBERED.formatted(generation));
    }

    public static void remember(Connection connection, BulkTable<?> table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REMEMBER)) {
            statement.setString(1, table.name());
            statement.setString(2, table.name());
            statement.executeUpdate();
        }
    }

    public static void drop(Connection connection, BulkTable<?> table) throws SQLException {
        executeAll(connection, strings(connection, DROP, table));
    }

    /** The statements that make what is remembered and not there; each can run beside the others. */
    public static List<String> missing(Connection connection, BulkTable<?> table) throws SQLException {
        return strings(connection, MISSING, table);
    }

    /** The same for each partition of a table that has some; to be made before those of the table itself. */
    public static List<String> missingInParts(Connection connection, BulkTable<?> table) throws SQLException {
        return strings(connection, MISSING_IN_PARTS, table);
    }

    /** Gives the indexes their constraints and comments again. */
    public static void describe(Connection connection, BulkTable<?> table) throws SQLException {
        executeAll(connection, strings(connection, DESCRIBE, table));
    }

    public static void forget(Connection connection) throws SQLException {
        Statements.execute(connection, FORGET);
    }

    private static void executeAll(Connection connection, List<String> statements) throws SQLException {
        for (String statement : statements) {
            Statements.execute(connection, statement);
        }
    }

    private static List<String> strings(Connection connection, String sql, BulkTable<?> table) throws SQLException {
        List<String> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table.name());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
        }
        return found;
    }
}
