package txlookup.api.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;

/** Audit rows as a statement's parameters: one array a column. */
final class AuditColumns {
    private final Connection connection;
    private final PreparedStatement statement;
    private final List<AuditRow> rows;
    private int next;

    private AuditColumns(Connection connection, PreparedStatement statement, int first, List<AuditRow> rows) {
        this.connection = connection;
        this.statement = statement;
        this.rows = rows;
        this.next = first;
    }

    /**
     * Sets the rows' columns in the order of {@link AuditRow}'s components, then their sequence numbers, the hash before
     * each, and its own.
     *
     * @param first the number of the first parameter
     * @param sequence the first row's
     * @param hashes the hash before the first row, then each row's
     */
    static void set(
            Connection connection,
            PreparedStatement statement,
            int first,
            List<AuditRow> rows,
            long sequence,
            List<byte[]> hashes)
            throws SQLException {
        AuditColumns columns = new AuditColumns(connection, statement, first, rows);
        columns.text(row -> row.at().toString());
        columns.text(AuditRow::actor);
        columns.roles();
        columns.text(AuditRow::ip);
        columns.text(AuditRow::userAgent);
        columns.text(AuditRow::action);
        columns.text(AuditRow::resourceType);
        columns.text(AuditRow::resourceId);
        columns.text(AuditRow::method);
        columns.text(AuditRow::path);
        columns.text(AuditRow::query);
        columns.text(row -> row.result().name());
        columns.number(AuditRow::statusCode);
        columns.number(AuditRow::durationMs);
        columns.number(AuditRow::resultCount);
        columns.text(AuditRow::correlationId);
        columns.add("int8", rows.stream().map(AuditRow::generation).toArray(Long[]::new));
        columns.add(
                "int8",
                LongStream.range(sequence, sequence + rows.size()).boxed().toArray(Long[]::new));
        columns.add("bytea", hashes.subList(0, rows.size()).toArray(byte[][]::new));
        columns.add("bytea", hashes.subList(1, hashes.size()).toArray(byte[][]::new));
    }

    private void text(Function<AuditRow, String> column) throws SQLException {
        add("text", rows.stream().map(column).toArray(String[]::new));
    }

    private void number(Function<AuditRow, Integer> column) throws SQLException {
        add("int4", rows.stream().map(column).toArray(Integer[]::new));
    }

    /** An array of arrays would need as many roles in every row; so each row's are one text, which the server reads. */
    private void roles() throws SQLException {
        String[] literals = new String[rows.size()];
        for (int i = 0; i < literals.length; i++) {
            literals[i] = connection
                    .createArrayOf("text", rows.get(i).roles().toArray())
                    .toString();
        }
        add("text", literals);
    }

    private void add(String type, Object[] values) throws SQLException {
        statement.setArray(next++, connection.createArrayOf(type, values));
    }
}
