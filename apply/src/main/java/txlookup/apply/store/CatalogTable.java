package txlookup.apply.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table as the server's catalog describes it, so that whatever the migrations made of it can be made again exactly.
 *
 * @param name with its schema
 */
record CatalogTable(String name) {
    // Whatever else hangs on a table would not follow the one that takes its place.
    private static final String MAY_BE_REPLACED = """
            SELECT c.relkind = 'r' AND NOT c.relispartition AND NOT c.relhassubclass AND NOT c.relhasrules
               AND NOT c.relrowsecurity AND c.relreplident = 'd' AND c.relpersistence = 'p'
               AND pg_has_role(c.relowner, 'USAGE') AND has_schema_privilege(c.relnamespace, 'CREATE')
               AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = c.oid)
               AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid)
               AND NOT EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND c.oid IN (conrelid, confrelid))
               AND NOT EXISTS (SELECT FROM pg_depend WHERE refclassid = 'pg_class'::regclass AND refobjid = c.oid
                               AND classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_policy'::regclass))
               AND NOT EXISTS (SELECT FROM pg_publication_rel WHERE prrelid = c.oid)
               AND NOT EXISTS (SELECT FROM pg_statistic_ext WHERE stxrelid = c.oid)
               AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
                               AND (attacl IS NOT NULL OR attidentity <> '' OR attoptions IS NOT NULL))
            FROM pg_class AS c WHERE c.oid = ?::regclass""";

    private static final String IS_EMPTY = "SELECT NOT EXISTS (SELECT FROM %s)";

    private static final String OPTIONS_AND_OWNER = """
            SELECT array_to_string(reloptions, ', '), quote_ident(pg_get_userbyid(relowner)), obj_description(oid, 'pg_class')
            FROM pg_class WHERE oid = ?::regclass""";

    private static final String SAME_COLUMNS = """
            SELECT NOT EXISTS (
                SELECT attname, atttypid, atttypmod, attnotnull, attcollation FROM pg_attribute
                WHERE attrelid IN (?::regclass, ?::regclass) AND attnum > 0 AND NOT attisdropped
                GROUP BY 1, 2, 3, 4, 5 HAVING count(*) <> 2)""";

    private static final String INDEXES = """
            SELECT c.relname, pg_get_indexdef(i.indexrelid), i.indisunique, con.contype, obj_description(c.oid, 'pg_class'),
                   obj_description(con.oid, 'pg_constraint')
            FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
            LEFT JOIN pg_constraint AS con ON con.conindid = c.oid AND con.conrelid = i.indrelid
            WHERE i.indrelid = ?::regclass ORDER BY i.indisprimary DESC, c.relname""";

    private static final String GRANTS = """
            SELECT format('GRANT %%s ON %s TO %%s%%s', privilege_type,
                          CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
                          CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
            FROM pg_class, aclexplode(relacl) WHERE oid = ?::regclass AND grantee <> relowner""";

    /** What a table is beside its columns, indexes and grants. */
    record Shape(
            @Nullable String options,
            String owner,
            @Nullable String comment) {}

    /** An index, and the constraint that it stands for: {@code p} for a primary key, {@code u} for a unique one. */
    record Index(
            String name,
            String definition,
            boolean unique,
            @Nullable String constraint,
            @Nullable String comment,
            @Nullable String constraintComment) {}

    /** Whether nothing hangs on it that would not follow a table that takes its place. */
    boolean mayBeReplaced(Connection connection) throws SQLException {
        return isTrue(connection, MAY_BE_REPLACED, name);
    }

    boolean isEmpty(Connection connection) throws SQLException {
        return isTrue(connection, IS_EMPTY.formatted(name));
    }

    boolean hasTheColumnsOf(Connection connection, CatalogTable other) throws SQLException {
        return isTrue(connection, SAME_COLUMNS, name, other.name);
    }

    Shape shape(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OPTIONS_AND_OWNER)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Shape(row.getString(1), row.getString(2), row.getString(3));
            }
        }
    }

    List<Index> indexes(Connection connection) throws SQLException {
        List<Index> indexes = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(INDEXES)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    indexes.add(new Index(
                            row.getString(1),
                            row.getString(2),
                            row.getBoolean(3),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6)));
                }
            }
        }
        return indexes;
    }

    /** The statements that grant on a table of this name what is granted on this one. */
    List<String> grants(Connection connection) throws SQLException {
        return strings(connection, GRANTS.formatted(name), name);
    }

    private static boolean isTrue(Connection connection, String sql, String... parameters) throws SQLException {
        List<String> answer = strings(connection, sql, parameters);
        return !answer.isEmpty() && "t".equals(answer.get(0));
    }

    private static List<String> strings(Connection connection, String sql, String... parameters) throws SQLException {
        List<String> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
        }
        return found;
    }
}
