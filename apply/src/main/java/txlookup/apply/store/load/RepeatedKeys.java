package txlookup.apply.store.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import txlookup.apply.model.SnapshotOrder;
import txlookup.apply.store.batch.BulkTable;
import txlookup.apply.store.batch.StagingMerge.Merged;
import txlookup.apply.store.sql.Statements;
import txlookup.profiles.settings.DatabaseSettings.Distribution;

/** Folds rows of one key in a table that was loaded without its primary key. */
final class RepeatedKeys {
    private static final String BEATEN = """
            DELETE FROM %1$s AS l USING (
                SELECT r.%2$s, r.source_id, r.source_position, %4$s AS at, row_number() OVER newest_first AS place,
                       r.digest = first_value(r.digest) OVER newest_first AS same,
                       count(*) OVER (PARTITION BY r.%2$s, r.source_id, r.source_position) AS copies
                FROM %1$s AS r
                JOIN (SELECT %2$s FROM %1$s GROUP BY %2$s HAVING count(*) > 1) AS repeated ON repeated.%2$s = r.%2$s
                WINDOW newest_first AS (PARTITION BY r.%2$s ORDER BY %3$s DESC, r.source_id, r.source_position)) AS ranked
            WHERE l.%2$s = ranked.%2$s AND ranked.place > 1 AND %5$s
            RETURNING l.source_id, ranked.same""";

    // Rows of one key are in one partition, where there are some.
    private static final String BY_PLACE = "l.ctid = ranked.at";

    // A row's place in a table on several servers is no name. A load enters each position of an input once, so that is
    // one;
    // a row that is there twice nevertheless stays, and the primary key refuses it.
    private static final String BY_POSITION = """
            l.source_id = ranked.source_id AND l.source_position = ranked.source_position AND ranked.copies = 1""";

    // Both as one batch would have counted them: what was beaten was stale, or there already with the same content.
    private static final String COUNT = """
            UPDATE coverage SET applied = applied - ?, stale = stale + ?, duplicate = duplicate + ?
            WHERE source_id = ?""";

    private RepeatedKeys() {}

    /**
     * Leaves one row a key, by the contract's order, and sets the inputs' counts right.
     *
     * @param connection in autocommit
     * @param statement of that connection, which somebody may cancel
     */
    static void fold(BulkTable<?> table, Connection connection, Statement statement) throws SQLException {
        connection.setAutoCommit(false);
        try {
            boolean isSpread = Statements.isTrue(connection, Distribution.IS_SPREAD);
            count(connection, beaten(table, statement, isSpread));
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static Map<Integer, Merged> beaten(BulkTable<?> table, Statement statement, boolean isSpread)
            throws SQLException {
        Map<Integer, Merged> beaten = new TreeMap<>();
        try (ResultSet row = statement.executeQuery(BEATEN.formatted(
                table.name(),
                table.key(),
                SnapshotOrder.sqlRow("r"),
                isSpread ? "NULL" : "r.ctid",
                isSpread ? BY_POSITION : BY_PLACE))) {
            while (row.next()) {
                boolean same = row.getBoolean(2);
                beaten.merge(row.getInt(1), new Merged(0, same ? 0 : 1, same ? 1 : 0), Merged::plus);
            }
        }
        return beaten;
    }

    private static void count(Connection connection, Map<Integer, Merged> beaten) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
            for (Map.Entry<Integer, Merged> input : beaten.entrySet()) {
                Merged counts = input.getValue();
                statement.setInt(1, counts.stale() + counts.duplicate());
                statement.setInt(2, counts.stale());
                statement.setInt(3, counts.duplicate());
                statement.setInt(4, input.getKey());
                statement.executeUpdate();
            }
        }
    }
}
