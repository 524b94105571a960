package txlookup.api.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Checks that the audit is what its writers wrote: no row removed, changed, reordered or inserted, no tail cut off, no
 * chain removed. Rows are streamed, so memory does not grow with them. Whoever can undo the table's triggers can also
 * compute every hash anew; against that, keep the {@link Summary#head} of a run elsewhere and compare.
 */
public final class AuditVerification {
    private static final String REGISTER = """
            SELECT chains, head_hash FROM bo.audit_register""";

    private static final String CHAINS = """
            SELECT chain_id, started_at, last_sequence, writer, previous_hash, start_hash, head_hash,
                   dropped_sequence, coalesce(dropped_hash, start_hash) AS hash_before
            FROM bo.audit_chain ORDER BY chain_id""";

    private static final String ROWS = """
            SELECT * FROM bo.audit ORDER BY chain_id, sequence, audit_id""";

    private static final int FETCHED_AT_ONCE = 2_000;

    private final DataSource database;

    /** @param database connections that may read schema {@code bo}; the caller closes it */
    public AuditVerification(DataSource database) {
        this.database = database;
    }

    /**
     * Something that is not as it was written.
     *
     * @param chainId the chain; 0 for the register
     * @param sequence the row's place in the chain; 0 for the chain itself
     * @param what what is wrong
     */
    public record Break(long chainId, long sequence, String what) {
        @Override
        public String toString() {
            return sequence == 0
                    ? "chain %d: %s".formatted(chainId, what)
                    : "chain %d, row %d: %s".formatted(chainId, sequence, what);
        }
    }

    /**
     * What was checked.
     *
     * @param rowsDropped rows that went with their partitions: an export shows what they were
     * @param head a hash over the heads of all chains, in hexadecimal: the same as long as no row is added or changed
     */
    public record Summary(long chains, long rows, long rowsDropped, long breaks, String head) {
        /** Whether all is as it was written. */
        public boolean isIntact() {
            return breaks == 0;
        }
    }

    /** Checks everything in one view of the store, while writers go on. Tells each break as it is found. */
    public Summary run(Consumer<Break> onBreak) throws SQLException {
        try (Connection connection = database.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            int networkTimeout = connection.getNetworkTimeout();
            connection.setAutoCommit(false);
            connection.setNetworkTimeout(Runnable::run, 0); // the first row may come after a long sort
            try {
                return run(connection, onBreak);
            } finally {
                connection.rollback();
                connection.setNetworkTimeout(Runnable::run, networkTimeout);
                connection.setAutoCommit(autoCommit);
            }
        }
    }

    private static Summary run(Connection connection, Consumer<Break> onBreak) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
            statement.execute("SET LOCAL statement_timeout = 0"); // as long as it takes
        }
        long[] breaks = {0};
        Consumer<Break> counted = found -> {
            breaks[0]++;
            onBreak.accept(found);
        };
        Map<Long, AuditChainCheck> chains = chains(connection, counted);
        register(connection, chains, counted);
        long rows = rows(connection, chains, counted);
        chains.values().forEach(AuditChainCheck::end);
        long dropped =
                chains.values().stream().mapToLong(AuditChainCheck::dropped).sum();
        return new Summary(chains.size(), rows, dropped, breaks[0], AuditChainCheck.head(chains.values()));
    }

    private static Map<Long, AuditChainCheck> chains(Connection connection, Consumer<Break> onBreak)
            throws SQLException {
        Map<Long, AuditChainCheck> chains = new TreeMap<>();
        byte[] previous = new byte[AuditHash.BYTES];
        long expected = 1;
        try (PreparedStatement statement = connection.prepareStatement(CHAINS);
                ResultSet row = statement.executeQuery()) {
            for (; row.next(); expected++) {
                long id = row.getLong("chain_id");
                for (; expected < id; expected++) {
                    onBreak.accept(new Break(expected, 0, "the whole chain is missing"));
                }
                byte[] claimed = row.getBytes("previous_hash");
                byte[] start = row.getBytes("start_hash");
                byte[] right = AuditHash.ofStart(
                        id,
                        row.getObject("started_at", OffsetDateTime.class).toInstant(),
                        row.getString("writer"),
                        claimed);
                if (!Arrays.equals(start, right) || (!Arrays.equals(claimed, previous) && chains.containsKey(id - 1))) {
                    onBreak.accept(new Break(id, 0, "its start was changed, or the chain before it"));
                }
                chains.put(
                        id,
                        new AuditChainCheck(
                                id,
                                start,
                                row.getBytes("hash_before"),
                                row.getLong("dropped_sequence"),
                                row.getLong("last_sequence"),
                                row.getBytes("head_hash"),
                                onBreak));
                previous = start;
            }
        }
        return chains;
    }

    private static void register(Connection connection, Map<Long, AuditChainCheck> chains, Consumer<Break> onBreak)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REGISTER);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                onBreak.accept(new Break(0, 0, "the register of chains is missing"));
                return;
            }
            long last = chains.keySet().stream().reduce(0L, Math::max);
            for (long missing = last + 1; missing <= row.getLong("chains"); missing++) {
                onBreak.accept(new Break(missing, 0, "the whole chain is missing"));
            }
            if (last > row.getLong("chains")) {
                onBreak.accept(new Break(last, 0, "the register does not know it"));
            }
            if (last == row.getLong("chains")
                    && !chains.isEmpty()
                    && !Arrays.equals(chains.get(last).start(), row.getBytes("head_hash"))) {
                onBreak.accept(new Break(last, 0, "the register has another start for it"));
            }
        }
    }

    private static long rows(Connection connection, Map<Long, AuditChainCheck> chains, Consumer<Break> onBreak)
            throws SQLException {
        long rows = 0;
        try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
            statement.setFetchSize(FETCHED_AT_ONCE);
            try (ResultSet row = statement.executeQuery()) {
                for (; row.next(); rows++) {
                    long chainId = row.getLong("chain_id");
                    AuditChainCheck chain = chains.get(chainId);
                    if (chain == null) {
                        onBreak.accept(new Break(chainId, row.getLong("sequence"), "its chain does not exist"));
                    } else {
                        chain.next(row);
                    }
                }
            }
        }
        return rows;
    }
}
