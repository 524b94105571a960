package txlookup.api.audit.export;

import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import txlookup.api.audit.export.ExportManifest.Head;
import txlookup.api.audit.export.ExportManifest.Range;
import txlookup.api.audit.export.ExportManifest.Started;

/**
 * Rows that are written at once, in one file.
 *
 * @param started chains that no manifest names yet
 * @param heads the last row of each chain once these are written
 */
record ExportBatch(
        long rows, ByteArrayOutputStream content, List<Started> started, List<Range> ranges, Map<Long, Head> heads) {
    private static final int MOST_ROWS = 20_000;
    // Of one file, and so a few times that in memory: as it grows, and as it is written.
    private static final int MOST_BYTES = 8 << 20;
    private static final int ROWS_AT_ONCE = 500;

    private static final String CHAINS = """
            SELECT chain_id, started_at, writer, previous_hash, start_hash, last_sequence FROM bo.audit_chain
            ORDER BY chain_id""";
    private static final String ROWS = """
            SELECT * FROM bo.audit WHERE chain_id = ? AND sequence > ? ORDER BY sequence LIMIT ?""";

    /** Whether nothing was left behind these rows. */
    boolean isLast() {
        return rows < MOST_ROWS && content.size() < MOST_BYTES;
    }

    /** Reads rows behind those, as many as a file may hold. */
    static ExportBatch read(Connection connection, Map<Long, Head> from) throws SQLException {
        ExportBatch batch = new ExportBatch(
                0, new ByteArrayOutputStream(), new ArrayList<>(), new ArrayList<>(), new TreeMap<>(from));
        long rows = 0;
        try (PreparedStatement statement = connection.prepareStatement(CHAINS);
                ResultSet chain = statement.executeQuery()) {
            while (chain.next()) {
                long id = chain.getLong("chain_id");
                @Nullable Head known = from.get(id);
                if (known == null) {
                    batch.started().add(started(chain));
                    batch.heads().put(id, new Head(id, 0, HexFormat.of().formatHex(chain.getBytes("start_hash"))));
                }
                long after = known == null ? 0 : known.sequence();
                if (chain.getLong("last_sequence") > after
                        && rows < MOST_ROWS
                        && batch.content().size() < MOST_BYTES) {
                    rows += read(connection, id, after, MOST_ROWS - rows, batch);
                }
            }
        }
        return new ExportBatch(rows, batch.content(), batch.started(), batch.ranges(), batch.heads());
    }

    private static long read(Connection connection, long chain, long after, long most, ExportBatch batch)
            throws SQLException {
        long rows = 0;
        long first = 0;
        connection.setAutoCommit(false); // or the driver reads all rows at once, whatever the fetch size
        try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
            statement.setFetchSize(ROWS_AT_ONCE);
            statement.setLong(1, chain);
            statement.setLong(2, after);
            statement.setLong(3, most);
            try (ResultSet row = statement.executeQuery()) {
                while (batch.content().size() < MOST_BYTES && row.next()) {
                    ExportedRow exported = ExportedRow.of(row);
                    batch.content().writeBytes(exported.line());
                    batch.content().write('\n');
                    first = rows == 0 ? exported.sequence() : first;
                    batch.heads().put(chain, new Head(chain, exported.sequence(), exported.hash()));
                    rows++;
                }
            }
            connection.rollback();
        } finally {
            connection.setAutoCommit(true);
        }
        if (rows > 0) {
            batch.ranges().add(new Range(chain, first, batch.heads().get(chain).sequence()));
        }
        return rows;
    }

    private static Started started(ResultSet chain) throws SQLException {
        return new Started(
                chain.getLong("chain_id"),
                chain.getObject("started_at", OffsetDateTime.class).toInstant(),
                chain.getString("writer"),
                HexFormat.of().formatHex(chain.getBytes("previous_hash")),
                HexFormat.of().formatHex(chain.getBytes("start_hash")));
    }
}
