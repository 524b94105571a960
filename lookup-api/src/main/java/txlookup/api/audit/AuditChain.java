package txlookup.api.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Where a writer's chain of audit rows stands. Each row holds the hash of the one before it; the chain's own row holds
 * its head, and moves in the statement that inserts the rows.
 */
final class AuditChain {

    private static final String START = "SELECT chain_id, last_sequence, head_hash FROM bo.start_audit_chain(?)";

    private static final String HEAD = """
            SELECT chain_id, last_sequence, head_hash FROM bo.audit_chain WHERE chain_id = ? AND NOT closed""";

    private static final String MAKE_PARTITIONS = "SELECT bo.make_audit_partitions()";

    // The rows travel as one array a column. The head names where it is expected, so that no fork can begin: elsewhere,
    // nothing is inserted.
    private static final String APPEND = """
            WITH head AS (
                UPDATE bo.audit_chain SET last_sequence = ?, head_hash = ?
                WHERE chain_id = ? AND last_sequence = ? AND head_hash = ?
                RETURNING chain_id)
            INSERT INTO bo.audit (at, actor, roles, ip, user_agent, action, resource_type, resource_id, method, path,
                query, result, status_code, duration_ms, result_count, correlation_id, generation,
                chain_id, sequence, previous_hash, hash)
            SELECT at, actor, roles::text[], ip, user_agent, action, resource_type, resource_id, method, path,
                query, result, status_code, duration_ms, result_count, correlation_id, generation,
                chain_id, sequence, previous_hash, hash
            FROM head, unnest(?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                    ?::text[], ?::text[], ?::text[], ?::text[], ?::integer[], ?::integer[], ?::integer[], ?::text[],
                    ?::bigint[], ?::bigint[], ?::bytea[], ?::bytea[])
                AS row (at, actor, roles, ip, user_agent, action, resource_type, resource_id,
                    method, path, query, result, status_code, duration_ms, result_count, correlation_id, generation,
                    sequence, previous_hash, hash)
            ORDER BY sequence""";

    private final long chainId;
    private final long lastSequence;
    private final byte[] headHash;

    private AuditChain(long chainId, long lastSequence, byte[] headHash) {
        this.chainId = chainId;
        this.lastSequence = lastSequence;
        this.headHash = headHash;
    }

    long chainId() {
        return chainId;
    }

    /** The chain with that number where it stands now; without a number, or when it is gone or closed, a new one. */
    static AuditChain goOn(Connection connection, OptionalLong known) throws SQLException {
        if (known.isPresent()) {
            try (PreparedStatement head = connection.prepareStatement(HEAD)) {
                head.setLong(1, known.getAsLong());
                try (ResultSet row = head.executeQuery()) {
                    if (row.next()) {
                        return of(row);
                    }
                }
            }
        }
        try (PreparedStatement start = connection.prepareStatement(START)) {
            start.setString(1, "process " + ProcessHandle.current().pid());
            try (ResultSet row = start.executeQuery()) {
                row.next();
                return of(row);
            }
        }
    }

    /** Makes the partitions of this month and of the next two, where they are not there yet. */
    static void makePartitions(Connection connection) throws SQLException {
        try (PreparedStatement make = connection.prepareStatement(MAKE_PARTITIONS)) {
            make.execute();
        }
    }

    /**
     * Inserts the rows and moves the head, in one statement and so in one commit.
     *
     * @param connection in autocommit
     * @return the chain with these rows
     */
    AuditChain append(Connection connection, List<AuditRow> rows) throws SQLException {
        List<byte[]> hashes = new ArrayList<>(rows.size() + 1);
        hashes.add(headHash);
        byte[] newest = headHash;
        long sequence = lastSequence;
        for (AuditRow row : rows) {
            sequence++;
            newest = AuditHash.of(chainId, sequence, newest, row);
            hashes.add(newest);
        }
        try (PreparedStatement append = connection.prepareStatement(APPEND)) {
            append.setLong(1, sequence);
            append.setBytes(2, newest);
            append.setLong(3, chainId);
            append.setLong(4, lastSequence);
            append.setBytes(5, headHash);
            AuditColumns.set(connection, append, 6, rows, lastSequence + 1, hashes);
            int inserted = append.executeUpdate();
            if (inserted != rows.size()) {
                throw new IllegalStateException(
                        "the head of audit chain %d is not at row %d any more".formatted(chainId, lastSequence));
            }
        }
        return new AuditChain(chainId, sequence, newest);
    }

    private static AuditChain of(ResultSet row) throws SQLException {
        return new AuditChain(row.getLong("chain_id"), row.getLong("last_sequence"), row.getBytes("head_hash"));
    }
}
