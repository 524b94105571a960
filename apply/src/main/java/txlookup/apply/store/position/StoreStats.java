package txlookup.apply.store.position;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** What a generation's schema holds, for gates and evidence: read-only, one statement a question. */
public final class StoreStats {
    private static final String LEDGER_ENTRIES = "SELECT count(*), coalesce(sum(digest), 0) FROM ledger_entry";

    private static final String PAYMENT_ORDERS = "SELECT count(*), coalesce(sum(digest), 0) FROM payment_order";

    private static final String STREAM = """
            SELECT name, partition, start_position, next_position, consumed, applied, stale, duplicate, dead, bytes
            FROM coverage WHERE kind = 'STREAM' ORDER BY name, partition""";

    private static final String PARTITIONS = "SELECT count(*) FROM coverage WHERE kind = 'STREAM'";

    private static final String OPEN_DEAD_LETTERS = """
            SELECT count(*) FROM dead_letter WHERE state IN ('OPEN', 'REPLAYING')""";

    private static final String SOME_TX_ID = "SELECT tx_id FROM ledger_entry LIMIT 1";

    private final DataSource connections;

    /** @param connections of the generation */
    public StoreStats(DataSource connections) {
        this.connections = connections;
    }

    /**
     * A table's rows in two numbers.
     *
     * @param rows how many
     * @param digests the sum of their content digests; two tables with the same rows have the same
     */
    public record Table(long rows, BigInteger digests) {}

    /**
     * How far one partition is applied.
     *
     * @param nextOffset the first offset not applied
     */
    public record Partition(String topic, int partition, long startOffset, long nextOffset, SourceCounts counts) {}

    /** All ledger entries in two numbers. */
    public Table ledgerEntries() throws SQLException {
        return table(LEDGER_ENTRIES);
    }

    /** All payment orders in two numbers. */
    public Table paymentOrders() throws SQLException {
        return table(PAYMENT_ORDERS);
    }

    private Table table(String sql) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            Table table = new Table(row.getLong(1), row.getBigDecimal(2).toBigIntegerExact());
            connection.rollback();
            return table;
        }
    }

    /** The stream's coverage, by topic and partition. */
    public List<Partition> stream() throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(STREAM)) {
            List<Partition> partitions = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    SourceCounts counts = new SourceCounts(
                            row.getLong(5),
                            row.getLong(6),
                            row.getLong(7),
                            row.getLong(8),
                            row.getLong(9),
                            row.getLong(10));
                    partitions.add(
                            new Partition(row.getString(1), row.getInt(2), row.getLong(3), row.getLong(4), counts));
                }
            }
            connection.rollback();
            return partitions;
        }
    }

    /** How many partitions are read, as far as they are known. */
    public int partitions() throws SQLException {
        return Math.toIntExact(number(PARTITIONS));
    }

    /** Dead letters, backfill included, that nobody settled. */
    public long openDeadLetters() throws SQLException {
        return number(OPEN_DEAD_LETTERS);
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            long number = row.getLong(1);
            connection.rollback();
            return number;
        }
    }

    /** Some ledger entry's id, for a smoke test; empty for an empty store. */
    public Optional<String> someTxId() throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement(SOME_TX_ID);
                ResultSet row = statement.executeQuery()) {
            Optional<String> txId = row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            connection.rollback();
            return txId;
        }
    }
}
