package txlookup.migrations.lint;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import txlookup.local.testing.TestDatabase;

/** The version before the revision: what it reads and writes, while the revision runs and afterwards. */
final class ReleasedVersion implements AutoCloseable {
    /** A lock that nobody else holds is not waited for at all, so this need not be long. */
    private static final String PATIENCE = "SET lock_timeout = '5ms'";

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String READ = "SELECT payment_id FROM bo.payment LIMIT 1";
    private static final String WRITE = "UPDATE bo.payment SET settled = settled WHERE payment_id = 'payment-00999'";
    private static final List<String> WRITES = List.of(
            """
            INSERT INTO bo.payment (payment_id, wallet_id, reference, amount, channel, settled, note, attempts, created_at)
            VALUES ('payment-new', 'wallet-00001', 'ref new', 12.50, 'WEB', false, 'a note', 0, now())
            """,
            "INSERT INTO bo.wallet (wallet_id, name) VALUES ('wallet-new', 'New')",
            "UPDATE bo.payment SET settled = true, note = 'settled' WHERE payment_id = 'payment-00002'");

    private final Connection reader;
    private final Connection writer;

    ReleasedVersion(TestDatabase database) throws SQLException {
        reader = database.connect();
        writer = database.connect();
        StoreInUse.run(reader, PATIENCE);
        StoreInUse.run(writer, PATIENCE);
        StoreInUse.run(reader, "SET ROLE reader");
        StoreInUse.run(writer, "SET ROLE writer");
    }

    boolean readerIsBlocked() throws SQLException {
        return isBlocked(reader, READ);
    }

    boolean writerIsBlocked() throws SQLException {
        return isBlocked(writer, WRITE);
    }

    private static boolean isBlocked(Connection connection, String sql) throws SQLException {
        try {
            StoreInUse.run(connection, sql);
            return false;
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                return true;
            }
            throw e;
        }
    }

    /**
     * What it can no longer do when the revision is through.
     *
     * @param session the revision's own, with its transaction open; it is left as it is
     */
    static List<String> broken(Connection session, StoreInUse store, int rowsThatMayBeNamed) throws SQLException {
        List<String> broken = new ArrayList<>();
        Savepoint before = session.setSavepoint();
        try {
            StoreInUse.run(session, "SET LOCAL ROLE reader");
            Map<String, List<String>> after = store.readByAReleasedVersion(session);
            store.rows().forEach((relation, rows) -> {
                List<String> lost = new ArrayList<>(rows);
                lost.removeAll(new HashSet<>(after.get(relation)));
                if (lost.size() > rowsThatMayBeNamed) {
                    broken.add("%d rows of %s are lost or altered".formatted(lost.size(), relation));
                }
            });
        } catch (SQLException e) {
            broken.add("the reader is refused: " + e.getMessage());
        }
        session.rollback(before);
        for (String write : WRITES) {
            try {
                StoreInUse.run(session, "SET LOCAL ROLE writer");
                StoreInUse.run(session, write);
            } catch (SQLException e) {
                broken.add("the writer is refused: " + e.getMessage());
            }
            session.rollback(before);
        }
        return broken;
    }

    @Override
    public void close() throws SQLException {
        reader.close();
        writer.close();
    }
}
