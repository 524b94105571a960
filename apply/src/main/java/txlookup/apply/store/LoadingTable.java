package txlookup.apply.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import txlookup.apply.SnapshotOrder;

/**
 * The table without indexes that a fresh load fills beside an empty one of the same shape, and how it takes that one's
 * place. What the migrations made is read from the catalog, so that whatever they make is made again exactly; until then
 * the migrated table stays as it is for everybody else.
 */
final class LoadingTable {
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

    private static final String IS_EMPTY = "SELECT NOT EXISTS (SELECT FROM bo.%s)";

    private static final String MARK = "SELECT obj_description(to_regclass(?), 'pg_class')";

    private static final String CREATE = "CREATE TABLE bo.%s (LIKE bo.%s INCLUDING ALL EXCLUDING INDEXES)";

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
            SELECT format('GRANT %%s ON bo.%%I TO %%s%%s', privilege_type, '%s',
                          CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
                          CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
            FROM pg_class, aclexplode(relacl) WHERE oid = ?::regclass AND grantee <> relowner""";

    // Both as one batch would have counted them: what was beaten was stale, or there already with the same content.
    private static final String KEEP_NEWEST_OF_EACH_KEY = """
            WITH repeated AS MATERIALIZED (SELECT %2$s FROM bo.%1$s GROUP BY %2$s HAVING count(*) > 1),
            ranked AS MATERIALIZED (
                SELECT l.ctid AS at, row_number() OVER newest_first AS place,
                       l.digest = first_value(l.digest) OVER newest_first AS same
                FROM bo.%1$s AS l JOIN repeated USING (%2$s)
                WINDOW newest_first AS (PARTITION BY %2$s ORDER BY %3$s DESC, source_id, source_position)),
            beaten AS (
                DELETE FROM bo.%1$s AS l USING ranked WHERE l.ctid = ranked.at AND place > 1
                RETURNING l.source_id, same),
            counts AS (
                SELECT source_id, count(*) FILTER (WHERE same) AS duplicate, count(*) FILTER (WHERE NOT same) AS stale
                FROM beaten GROUP BY source_id)
            UPDATE bo.coverage SET applied = applied - counts.duplicate - counts.stale,
                   stale = coverage.stale + counts.stale, duplicate = coverage.duplicate + counts.duplicate
            FROM counts WHERE coverage.source_id = counts.source_id""";

    private static final String COUNT_BEATEN_BY_THE_STREAM = """
            WITH counts AS (
                SELECT l.source_id, count(*) FILTER (WHERE l.digest = stored.digest) AS duplicate,
                       count(*) FILTER (WHERE l.digest <> stored.digest) AS stale
                FROM bo.%1$s AS stored JOIN bo.%2$s AS l USING (%3$s) WHERE NOT %4$s < %5$s GROUP BY l.source_id)
            UPDATE bo.coverage SET applied = applied - counts.duplicate - counts.stale,
                   stale = coverage.stale + counts.stale, duplicate = coverage.duplicate + counts.duplicate
            FROM counts WHERE coverage.source_id = counts.source_id""";

    private static final String MERGE_THE_STREAM = """
            INSERT INTO bo.%2$s AS l (%6$s) SELECT %6$s FROM bo.%1$s
            ON CONFLICT (%3$s) DO UPDATE SET (%6$s) = ROW (%7$s) WHERE NOT %5$s < %4$s""";

    private final BulkTable<?> bulk;
    private final String table;
    private final String loading;

    LoadingTable(BulkTable<?> bulk) {
        this.bulk = bulk;
        this.table = bulk.name();
        this.loading = table + "_loading";
    }

    /** Leaves one row a key, by the contract's order, and sets the inputs' counts right. */
    void keepNewestOfEachKey(Connection connection) throws SQLException {
        execute(connection, KEEP_NEWEST_OF_EACH_KEY.formatted(loading, bulk.key(), SnapshotOrder.sqlRow("l")));
    }

    /** Takes over what a stream wrote to the migrated table since the load began, as if the load came after it. */
    private void mergeTheStream(Connection connection) throws SQLException {
        String excluded = Stream.of(bulk.columns().split(", ", -1))
                .map("excluded."::concat)
                .collect(Collectors.joining(", "));
        execute(
                connection,
                COUNT_BEATEN_BY_THE_STREAM.formatted(
                        table, loading, bulk.key(), SnapshotOrder.sqlRow("stored"), SnapshotOrder.sqlRow("l")));
        execute(
                connection,
                MERGE_THE_STREAM.formatted(
                        table,
                        loading,
                        bulk.key(),
                        SnapshotOrder.sqlRow("l"),
                        SnapshotOrder.sqlRow("excluded"),
                        bulk.columns(),
                        excluded));
    }

    /** Its name while it is being filled. */
    String name() {
        return loading;
    }

    /** The generation that it is being filled for; empty when there is none. */
    Optional<String> mark(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MARK)) {
            statement.setString(1, "bo." + loading);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return Optional.ofNullable(row.getString(1));
            }
        }
    }

    /** Whether the migrated table is empty, and nothing hangs on it that would not follow. */
    boolean mayBeginFor(Connection connection) throws SQLException {
        return isTrue(connection, MAY_BE_REPLACED, "bo." + table) && isEmpty(connection);
    }

    boolean isEmpty(Connection connection) throws SQLException {
        return isTrue(connection, IS_EMPTY.formatted(table));
    }

    boolean hasTheSameColumns(Connection connection) throws SQLException {
        return isTrue(connection, SAME_COLUMNS, "bo." + table, "bo." + loading);
    }

    void create(Connection connection, String mark) throws SQLException {
        execute(connection, CREATE.formatted(loading, table));
        Shape shape = shape(connection);
        if (shape.options() != null) {
            execute(connection, "ALTER TABLE bo.%s SET (%s)".formatted(loading, shape.options()));
        }
        // Nothing may vacuum it before it is whole; the option goes when it takes its place.
        execute(connection, "ALTER TABLE bo.%s SET (autovacuum_enabled = false)".formatted(loading));
        execute(connection, "COMMENT ON TABLE bo.%s IS '%s'".formatted(loading, mark));
    }

    void drop(Connection connection) throws SQLException {
        execute(connection, "DROP TABLE IF EXISTS bo." + loading);
    }

    /** Indexes that a killed run had finished: rows may still have to come, and keys twice. */
    void dropIndexes(Connection connection) throws SQLException {
        for (Index index : indexes(connection, loading)) {
            execute(connection, "DROP INDEX bo." + index.name());
        }
    }

    /** The statements that make the migrated table's indexes here; each can run beside the others. */
    List<String> indexStatements(Connection connection) throws SQLException {
        List<String> statements = new ArrayList<>();
        for (Index index : indexes(connection, table)) {
            String start =
                    "CREATE %sINDEX %s ON bo.%s ".formatted(index.unique() ? "UNIQUE " : "", index.name(), table);
            if (!index.definition().startsWith(start)) {
                throw new IllegalStateException("The index %s is defined in a way that a fresh load does not know: %s"
                        .formatted(index.name(), index.definition()));
            }
            statements.add("CREATE %sINDEX %s ON bo.%s "
                            .formatted(index.unique() ? "UNIQUE " : "", index.name() + "_loading", loading)
                    + index.definition().substring(start.length()));
        }
        return statements;
    }

    /** Takes the migrated table's place under its name, with its indexes, options, comments, owner and grants. */
    void takePlace(Connection connection) throws SQLException {
        execute(connection, "LOCK TABLE bo.%s IN ACCESS EXCLUSIVE MODE".formatted(table));
        if (!isEmpty(connection)) {
            mergeTheStream(connection);
        }
        Shape shape = shape(connection);
        List<Index> indexes = indexes(connection, table);
        List<String> grants = strings(connection, GRANTS.formatted(table), "bo." + table);
        execute(connection, "DROP TABLE bo." + table);
        execute(connection, "ALTER TABLE bo.%s RENAME TO %s".formatted(loading, table));
        execute(connection, "ALTER TABLE bo.%s RESET (autovacuum_enabled)".formatted(table));
        if (shape.options() != null) {
            execute(connection, "ALTER TABLE bo.%s SET (%s)".formatted(table, shape.options()));
        }
        comment(connection, "TABLE bo." + table, shape.comment());
        for (Index index : indexes) {
            execute(connection, "ALTER INDEX bo.%s_loading RENAME TO %1$s".formatted(index.name()));
            if (index.constraint() != null) {
                execute(
                        connection,
                        "ALTER TABLE bo.%s ADD CONSTRAINT %s %s USING INDEX %2$s"
                                .formatted(
                                        table,
                                        index.name(),
                                        index.constraint().equals("p") ? "PRIMARY KEY" : "UNIQUE"));
                comment(connection, "CONSTRAINT %s ON bo.%s".formatted(index.name(), table), index.constraintComment());
            }
            comment(connection, "INDEX bo." + index.name(), index.comment());
        }
        execute(connection, "ALTER TABLE bo.%s OWNER TO %s".formatted(table, shape.owner()));
        for (String grant : grants) {
            execute(connection, grant);
        }
    }

    private record Shape(
            @Nullable String options,
            String owner,
            @Nullable String comment) {}

    private Shape shape(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OPTIONS_AND_OWNER)) {
            statement.setString(1, "bo." + table);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Shape(row.getString(1), row.getString(2), row.getString(3));
            }
        }
    }

    private record Index(
            String name,
            String definition,
            boolean unique,
            @Nullable String constraint,
            @Nullable String comment,
            @Nullable String constraintComment) {}

    private static List<Index> indexes(Connection connection, String table) throws SQLException {
        List<Index> indexes = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(INDEXES)) {
            statement.setString(1, "bo." + table);
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

    private static void comment(Connection connection, String on, @Nullable String comment) throws SQLException {
        String text = comment == null ? "NULL" : "'" + comment.replace("'", "''") + "'";
        execute(connection, "COMMENT ON %s IS %s".formatted(on, text));
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

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
