package txlookup.backfill.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;
import txlookup.profiles.digest.Sha256;

/**
 * A query to a source database of any kind, its columns named as the contract's fields, whatever their case. It is read in
 * the order of the entity's key, in one statement, so that all rows are of one instant where the database reads
 * consistently. A run that was killed goes on after the last key (keyset, never an offset), in a statement of its own.
 *
 * <p>A time without an offset is taken for UTC, as everywhere (docs/contract.md): a query to a database that keeps
 * local time converts it. MySQL sends a result whole unless its URL has {@code useCursorFetch=true}.
 *
 * @param connections the source; its connections are used read-only
 * @param setting where the query stands, for people; with its digest it is the input's name, so that a changed query is
 *     read from its beginning
 * @param query one SELECT
 * @param fetchSize rows in one round trip
 */
public record QueryInput(DataSource connections, String setting, String query, Entity entity, int fetchSize)
        implements Input {
    private static final String COUNT = "SELECT count(*) FROM (%s) q";

    // From the query, for not every database selects from nothing.
    private static final String READING_INSTANT = "SELECT CURRENT_TIMESTAMP FROM (%s) q";

    private static final String COLUMNS = "SELECT * FROM (%s) q WHERE 1 = 0";

    private static final String ROWS = "SELECT * FROM (%s) q %s ORDER BY %s";

    private static final String AFTER = "WHERE %s > ?";

    @Override
    public String name() {
        return setting + "#" + Sha256.hex(query).substring(0, 8);
    }

    @Override
    public boolean isReadByTheRun() {
        return true;
    }

    String key() {
        return entity == Entity.LEDGER_ENTRY ? "tx_id" : "order_id";
    }

    /** Counts the rows, which costs the source a scan and tells how long the load takes. */
    @Override
    public OptionalLong size() throws SQLException {
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(COUNT.formatted(query))) {
            row.next();
            return OptionalLong.of(row.getLong(1));
        }
    }

    @Override
    public Reader open(long nextPosition, @Nullable String resumeFrom, Instant asOf) throws SQLException {
        return open(nextPosition, resumeFrom, asOf, 0);
    }

    @Override
    public Reader sample(int rows, Instant asOf) throws SQLException {
        return open(1, null, asOf, rows);
    }

    /** @param limit most rows; 0 is all */
    private Reader open(long nextPosition, @Nullable String resumeFrom, Instant asOf, int limit) throws SQLException {
        Connection connection = connections.getConnection();
        try {
            connection.setAutoCommit(false); // with it on, PostgreSQL sends a result whole
            connection.setReadOnly(true);
            if (connection.getMetaData().supportsTransactionIsolationLevel(Connection.TRANSACTION_REPEATABLE_READ)) {
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            }
            Instant readAt = readingInstant(connection, asOf);
            NamedRow columns = columns(connection);
            String after = resumeFrom == null ? "" : AFTER.formatted(key());
            PreparedStatement statement = connection.prepareStatement(ROWS.formatted(query, after, key()));
            statement.setFetchSize(limit == 0 ? fetchSize : Math.min(limit, fetchSize));
            statement.setMaxRows(limit);
            if (resumeFrom != null) {
                columns.bindKey(statement, resumeFrom);
            }
            return new QueriedRows(connection, statement, columns, readAt, nextPosition, resumeFrom);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private Instant readingInstant(Connection connection, Instant asOf) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setMaxRows(1);
            try (ResultSet row = statement.executeQuery(READING_INSTANT.formatted(query))) {
                return row.next() ? row.getTimestamp(1).toInstant() : asOf;
            }
        }
    }

    private NamedRow columns(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery(COLUMNS.formatted(query))) {
            return new NamedRow(none.getMetaData(), key(), setting);
        }
    }
}
