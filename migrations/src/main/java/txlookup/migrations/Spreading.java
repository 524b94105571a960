package txlookup.migrations;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import txlookup.profiles.settings.DatabaseSettings.Distribution;

/**
 * Spreads the entries and orders of a generation over the servers of a Citus cluster, each by its key. All else stays on
 * the server that clients connect to: it is small, and read with each batch.
 */
final class Spreading {
    static final Map<String, String> KEYS = new TreeMap<>(Map.of("ledger_entry", "tx_id", "payment_order", "order_id"));

    private static final String IS_POSSIBLE = "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')";

    private static final String IS_SPREAD = """
            SELECT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = '%s'::regclass
                AND tgfoid = to_regproc('pg_catalog.citus_truncate_trigger'))""";

    private static final String IS_EMPTY = "SELECT count(*) = 0 FROM (SELECT 1 FROM %s LIMIT 1) AS one";

    // Whatever asks for entries otherwise than by their key asks each shard, and each costs. So a server has one shard
    // of a
    // table, and the next generation as many as there are servers then; unless somebody says another number.
    private static final String SHARDS = """
            SELECT CASE setting WHEN boot_val THEN (
                SELECT greatest(count(*), 1) FROM pg_dist_node WHERE noderole = 'primary' AND isactive AND shouldhaveshards)
                ELSE setting::bigint END
            FROM pg_settings WHERE name = 'citus.shard_count'""";

    private static final String SPREAD = "SELECT create_distributed_table('%s', '%s', shard_count => (%s)::integer)";

    private Spreading() {}

    static boolean isPossible(Connection connection) throws SQLException {
        return isTrue(connection, IS_POSSIBLE);
    }

    static boolean isSpread(Connection connection, String table) throws SQLException {
        return isTrue(connection, IS_SPREAD.formatted(table));
    }

    /**
     * Spreads the tables of a schema that has just been made. One that holds rows stays as it is: to move them would stop
     * its readers.
     *
     * @throws MigrationException when the database cannot spread tables, or they are to have partitions as well
     */
    static void spread(Connection connection, String schema, int partitions) throws SQLException {
        if (partitions > 1) {
            throw new MigrationException(
                    "The profile says database.distribution: citus and database.partitions: %d. Citus parts tables by itself, see citus.shard_count; say partitions: 1."
                            .formatted(partitions),
                    null);
        }
        if (!isPossible(connection)) {
            throw new MigrationException(
                    "The profile says database.distribution: %s, and database %s has no extension citus. Create it and add its servers, or say none."
                            .formatted(Distribution.CITUS.name().toLowerCase(Locale.ROOT), connection.getCatalog()),
                    null);
        }
        for (Map.Entry<String, String> table : KEYS.entrySet()) {
            String name = schema + "." + table.getKey();
            if (!isSpread(connection, name) && isTrue(connection, IS_EMPTY.formatted(name))) {
                execute(connection, SPREAD.formatted(name, table.getValue(), SHARDS));
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static boolean isTrue(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() && row.getBoolean(1);
        }
    }
}
