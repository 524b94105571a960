package txlookup.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Indexes of tables that Citus spreads. Their servers' parts count; the coordinator's is empty and only carries the mark whether
 * it is valid. CREATE INDEX CONCURRENTLY IF NOT EXISTS of an index that is there takes that mark away (Citus 13.2).
 */
final class SpreadIndexes {
    private static final String IS_WHOLE = """
            SELECT coalesce(bool_and(success AND result = 't'), false)
            FROM run_command_on_shards('%1$s', format($shard$
                SELECT count(*) = 1 FROM pg_index
                WHERE indrelid = '%%%%s'::regclass AND indisvalid
                    AND indexrelid IN (SELECT to_regclass(name) FROM unnest(%%L::text[]) AS name)$shard$,
                (SELECT array_agg(shard_name('%2$s', shardid)) FROM pg_dist_shard
                    WHERE logicalrelid = '%1$s'::regclass)))
            """;

    // The coordinator's part has no rows, so this takes milliseconds; it keeps the index and its name.
    private static final String MARK_VALID = "SET LOCAL citus.enable_ddl_propagation = off; REINDEX INDEX %s";

    private SpreadIndexes() {}

    /** Whether the table is spread and each server's part of the index is valid. */
    static boolean isWhole(Connection connection, String table, String index) throws SQLException {
        if (!Spreading.isSpread(connection, table)) {
            return false;
        }
        try (PreparedStatement statement = connection.prepareStatement(IS_WHOLE.formatted(table, index));
                ResultSet answer = statement.executeQuery()) {
            return answer.next() && answer.getBoolean(1);
        }
    }

    /** Gives an index that is whole its mark back; the connection commits each statement. */
    static void markValid(Connection connection, String index) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(MARK_VALID.formatted(index));
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }
}
