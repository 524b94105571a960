package txlookup.apply.store.load;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.batch.BulkTable;
import txlookup.apply.store.generation.LoadIndexes;

/** Makes the indexes of loaded tables, several at once: making one is mostly sorting, which takes one processor. */
final class IndexBuild {
    private static final Logger log = LoggerFactory.getLogger(IndexBuild.class);

    // What a database says of its server's memory. It is what the server caches with, so sorts get an eighth of it.
    private static final String MEMORY = "SELECT pg_size_bytes(current_setting('effective_cache_size')) / 8 >> 20";

    private static final long LEAST_MEGABYTES = 64;
    private static final long MOST_MEGABYTES = 2047;
    private static final int MOST_AT_ONCE = 4;

    private static final String UNIQUE_VIOLATION = "23505";
    private static final String DUPLICATE_TABLE = "42P07";

    private final DataSource connections;
    private final int wantedAtOnce;

    /** @param atOnce how many at once at most; each takes a connection and a sort's memory */
    IndexBuild(DataSource connections, int atOnce) {
        this.connections = connections;
        this.wantedAtOnce = Math.min(atOnce, MOST_AT_ONCE);
    }

    private record Missing(BulkTable<?> table, Finding finding, String statement) {
        boolean isThere(Connection connection) throws SQLException {
            return !finding.missing(connection, table).contains(statement);
        }
    }

    /** Makes those that are missing. */
    void build(List<BulkTable<?>> tables) throws SQLException, InterruptedException {
        build(tables, LoadIndexes::missingInParts);
        build(tables, LoadIndexes::missing);
    }

    private interface Finding {
        List<String> missing(Connection connection, BulkTable<?> table) throws SQLException;
    }

    private void build(List<BulkTable<?>> tables, Finding finding) throws SQLException, InterruptedException {
        List<Missing> missing = new ArrayList<>();
        long memory;
        try (Connection connection = connections.getConnection()) {
            memory = megabytes(connection);
            for (BulkTable<?> table : tables) {
                finding.missing(connection, table).forEach(sql -> missing.add(new Missing(table, finding, sql)));
            }
            connection.rollback();
        }
        if (missing.isEmpty()) {
            return;
        }
        int atOnce = (int) Math.max(1, Math.min(wantedAtOnce, memory / LEAST_MEGABYTES));
        long each = Math.max(LEAST_MEGABYTES, Math.min(MOST_MEGABYTES, memory / atOnce));
        new SideBySide(connections, atOnce, each)
                .run(missing.stream()
                        .map(index -> (SideBySide.Work) (in, statement) -> build(index, in, statement))
                        .toList());
    }

    private static long megabytes(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(MEMORY)) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * Rows of one key more than once are looked for only where making the index finds that there are. A killed run's session
     * may still be making the same index: the server waits for it, and then says that the name is taken.
     */
    private void build(Missing index, Connection connection, Statement statement) throws SQLException {
        long start = System.nanoTime();
        try {
            statement.execute(index.statement());
            log.debug("{} took {} ms", index.statement(), (System.nanoTime() - start) / 1_000_000);
        } catch (SQLException e) {
            boolean isTaken = UNIQUE_VIOLATION.equals(e.getSQLState()) || DUPLICATE_TABLE.equals(e.getSQLState());
            if (isTaken && index.isThere(connection)) {
                return;
            }
            if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            // Of a table's partitions several may find some at once, and one finds all.
            synchronized (this) {
                RepeatedKeys.fold(index.table(), connection, statement);
            }
            statement.execute(index.statement());
        }
    }
}
