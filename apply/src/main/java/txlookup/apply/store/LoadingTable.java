package txlookup.apply.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The table without indexes that a fresh load fills beside an empty one of the same shape, and how it takes that one's
 * place. Until then the migrated table stays as it is for everybody else.
 */
final class LoadingTable {
    private static final String MARK = "SELECT obj_description(to_regclass(?), 'pg_class')";

    private static final String CREATE = "CREATE TABLE bo.%s (LIKE bo.%s INCLUDING ALL EXCLUDING INDEXES)";

    private final String table;
    private final String loading;
    private final CatalogTable migrated;
    private final LoadingMerge merge;

    LoadingTable(BulkTable<?> bulk) {
        this.table = bulk.name();
        this.loading = table + "_loading";
        this.migrated = new CatalogTable("bo." + table);
        this.merge = new LoadingMerge(bulk, loading);
    }

    /** Leaves one row a key, by the contract's order, and sets the inputs' counts right. */
    void keepNewestOfEachKey(Connection connection) throws SQLException {
        merge.keepNewestOfEachKey(connection);
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
        return migrated.mayBeReplaced(connection) && migrated.isEmpty(connection);
    }

    boolean hasTheSameColumns(Connection connection) throws SQLException {
        return migrated.hasTheColumnsOf(connection, new CatalogTable("bo." + loading));
    }

    void create(Connection connection, String mark) throws SQLException {
        FreshLoad.execute(connection, CREATE.formatted(loading, table));
        CatalogTable.Shape shape = migrated.shape(connection);
        if (shape.options() != null) {
            FreshLoad.execute(connection, "ALTER TABLE bo.%s SET (%s)".formatted(loading, shape.options()));
        }
        // Nothing may vacuum it before it is whole; the option goes when it takes its place.
        FreshLoad.execute(connection, "ALTER TABLE bo.%s SET (autovacuum_enabled = false)".formatted(loading));
        FreshLoad.execute(connection, "COMMENT ON TABLE bo.%s IS '%s'".formatted(loading, mark));
    }

    void drop(Connection connection) throws SQLException {
        FreshLoad.execute(connection, "DROP TABLE IF EXISTS bo." + loading);
    }

    /** Indexes that a killed run had finished: rows may still have to come, and keys twice. */
    void dropIndexes(Connection connection) throws SQLException {
        for (CatalogTable.Index index : new CatalogTable("bo." + loading).indexes(connection)) {
            FreshLoad.execute(connection, "DROP INDEX bo." + index.name());
        }
    }

    /** The statements that make the migrated table's indexes here; each can run beside the others. */
    List<String> indexStatements(Connection connection) throws SQLException {
        List<String> statements = new ArrayList<>();
        for (CatalogTable.Index index : migrated.indexes(connection)) {
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

    /** Else lookups are planned as for an empty table until somebody vacuums it, which may take a minute. */
    void analyze(Connection connection) throws SQLException {
        FreshLoad.execute(connection, "ANALYZE bo." + loading);
    }

    /** Takes the migrated table's place under its name, with its statistics, indexes, options, comments, owner and grants. */
    void takePlace(Connection connection) throws SQLException {
        FreshLoad.execute(connection, "LOCK TABLE bo.%s IN ACCESS EXCLUSIVE MODE".formatted(table));
        if (!migrated.isEmpty(connection)) {
            merge.mergeTheStream(connection);
        }
        CatalogTable.Shape shape = migrated.shape(connection);
        List<CatalogTable.Index> indexes = migrated.indexes(connection);
        List<String> grants = migrated.grants(connection);
        FreshLoad.execute(connection, "DROP TABLE bo." + table);
        FreshLoad.execute(connection, "ALTER TABLE bo.%s RENAME TO %s".formatted(loading, table));
        FreshLoad.execute(connection, "ALTER TABLE bo.%s RESET (autovacuum_enabled)".formatted(table));
        if (shape.options() != null) {
            FreshLoad.execute(connection, "ALTER TABLE bo.%s SET (%s)".formatted(table, shape.options()));
        }
        comment(connection, "TABLE bo." + table, shape.comment());
        for (CatalogTable.Index index : indexes) {
            FreshLoad.execute(connection, "ALTER INDEX bo.%s_loading RENAME TO %1$s".formatted(index.name()));
            if (index.constraint() != null) {
                FreshLoad.execute(
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
        FreshLoad.execute(connection, "ALTER TABLE bo.%s OWNER TO %s".formatted(table, shape.owner()));
        for (String grant : grants) {
            FreshLoad.execute(connection, grant);
        }
    }

    private static void comment(Connection connection, String on, @Nullable String comment) throws SQLException {
        String text = comment == null ? "NULL" : "'" + comment.replace("'", "''") + "'";
        FreshLoad.execute(connection, "COMMENT ON %s IS %s".formatted(on, text));
    }
}
