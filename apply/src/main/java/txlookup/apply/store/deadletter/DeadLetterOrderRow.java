package txlookup.apply.store.deadletter;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Writes an order's row; {@link DeadLetterRunRow} reads it. */
final class DeadLetterOrderRow {
    private static final String INSERT = """
            INSERT INTO dead_letter_run
                (action, actor, note, dry_run, per_second, only_ids, only_reason, only_source, patch)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING run_id""";

    /** Changes the other generations that take events, too: the log does not tell them. */
    private static final String IN_EACH_GENERATION = "SELECT bo.order_in_each_live_generation(current_schema(), ?)";

    private DeadLetterOrderRow() {}

    /** Returns the order's number. */
    static long insert(Connection connection, DeadLetterOrder order) throws SQLException {
        DeadLetterSelection selection = order.selection();
        try (PreparedStatement statement = connection.prepareStatement(INSERT);
                PreparedStatement everywhere = connection.prepareStatement(IN_EACH_GENERATION)) {
            statement.setString(1, order.action().name());
            statement.setString(2, order.actor());
            statement.setString(3, order.note());
            statement.setBoolean(4, order.dryRun());
            statement.setInt(5, order.perSecond());
            statement.setArray(6, DeadLetters.idsOrNull(connection, selection));
            statement.setString(7, selection.reason());
            statement.setString(8, selection.source());
            statement.setString(9, order.patch());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long id = row.getLong(1);
                if (!order.dryRun()) {
                    everywhere.setLong(1, id);
                    everywhere.execute();
                }
                return id;
            }
        }
    }
}
