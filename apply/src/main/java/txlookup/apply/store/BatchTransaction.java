package txlookup.apply.store;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import txlookup.apply.Batch;
import txlookup.apply.Decoded;

/** The transaction of a batch: its rows, what is kept beside them, its counts and its position, or none of it. */
final class BatchTransaction {
    private final DataSource connections;
    private final Tracer tracer;
    // A thread's batches are of one size: arrays of some megabytes need not be made again and again.
    private final ThreadLocal<BinaryCopy> encoders = ThreadLocal.withInitial(BinaryCopy::new);

    BatchTransaction(DataSource connections, Tracer tracer) {
        this.connections = connections;
        this.tracer = tracer;
    }

    /** What is done and kept beside a batch's snapshots, in its transaction. */
    interface Keeping {
        /** Before the merge. */
        default void prepare(Connection connection) throws SQLException {}

        void keep(Connection connection, List<? extends Decoded> decoded) throws SQLException;
    }

    /**
     * @param to where the source stands afterwards
     * @param commits whether it is not all rolled back in the end
     * @throws FencedException when the claim is no longer the newest; nothing was changed
     */
    Applied apply(Claim claim, List<? extends Decoded> decoded, Progress to, Keeping keeping, boolean commits)
            throws SQLException {
        Batch batch = Batch.fold(decoded);
        Rows rows = (connection, source) -> new Written(
                Upsert.LEDGER_ENTRIES.write(connection, encoders.get(), source, batch.ledgerEntries()),
                Upsert.PAYMENT_ORDERS.write(connection, encoders.get(), source, batch.paymentOrders()));
        try {
            return transact(claim, batch, rows, decoded, to, keeping, commits);
        } catch (SQLException e) {
            if (!Upsert.isOvertaken(e)) {
                throw e;
            }
            Rows merged = (connection, source) -> new Written(
                    Upsert.LEDGER_ENTRIES.merge(connection, source, batch.ledgerEntries()),
                    Upsert.PAYMENT_ORDERS.merge(connection, source, batch.paymentOrders()));
            return transact(claim, batch, merged, decoded, to, keeping, commits);
        }
    }

    private record Written(StagedTable.Merged ledger, StagedTable.Merged orders) {}

    private interface Rows {
        Written write(Connection connection, int sourceId) throws SQLException;
    }

    private Applied transact(
            Claim claim,
            Batch batch,
            Rows rows,
            List<? extends Decoded> decoded,
            Progress to,
            Keeping keeping,
            boolean commits)
            throws SQLException {
        try (Connection connection = connections.getConnection()) {
            try {
                keeping.prepare(connection);
                Written written = rows.write(connection, claim.sourceId());
                keeping.keep(connection, decoded);
                Applied applied = account(claim, batch, written, to);
                Coverage.move(connection, applied, claim, to);
                if (commits) {
                    commit(connection);
                    return applied;
                }
                connection.rollback();
                return new Applied(claim, applied.applied(), applied.stale(), applied.duplicate(), applied.dead());
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        }
    }

    private void commit(Connection connection) throws SQLException {
        Span span = tracer.spanBuilder("commit")
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute("db.system.name", "postgresql")
                .startSpan();
        try {
            connection.commit();
        } catch (SQLException e) {
            span.setStatus(StatusCode.ERROR, "SQLSTATE " + e.getSQLState());
            throw e;
        } finally {
            span.end();
        }
    }

    private static Applied account(Claim claim, Batch batch, Written written, Progress to) {
        int applied = written.ledger().applied() + written.orders().applied();
        int duplicate = written.ledger().duplicate() + written.orders().duplicate();
        int dead = batch.deadLetters().size();
        int stale = batch.consumed() - batch.duplicate() - applied - duplicate - dead;
        return new Applied(claim.movedTo(to), applied, stale, batch.duplicate() + duplicate, dead);
    }

    static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The connection is broken; the server rolls back by itself, and the first failure is the one to tell.
            cause.addSuppressed(e);
        }
    }
}
