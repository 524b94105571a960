package txlookup.apply.store;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import txlookup.apply.Batch;
import txlookup.apply.Decoded;

/** The transaction of a batch: its rows, what is kept beside them, its counts and its position, or none of it. */
final class BatchTransaction {
    /** Each time it is another transaction that got further. */
    static final int MOST_TRIES = 20;

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
        for (int tries = 1; ; tries++) {
            try {
                return transact(claim, batch, decoded, to, keeping, commits);
            } catch (SQLException e) {
                if (tries == MOST_TRIES || !Upsert.isOvertaken(e)) {
                    throw e;
                }
                letTheOtherEnd(e);
            }
        }
    }

    /** Of two that waited for each other, the one that was chosen to begin anew must not meet the other again at once. */
    private static void letTheOtherEnd(SQLException e) throws SQLException {
        if (Faults.isTransient(e)) {
            try {
                Thread.sleep(ThreadLocalRandom.current().nextLong(50, 250));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw e;
            }
        }
    }

    private Applied transact(
            Claim claim, Batch batch, List<? extends Decoded> decoded, Progress to, Keeping keeping, boolean commits)
            throws SQLException {
        try (Connection connection = connections.getConnection()) {
            try {
                keeping.prepare(connection);
                StagedTable.Merged ledger = Upsert.LEDGER_ENTRIES.write(
                        connection, encoders.get(), claim.sourceId(), batch.ledgerEntries());
                StagedTable.Merged orders = Upsert.PAYMENT_ORDERS.write(
                        connection, encoders.get(), claim.sourceId(), batch.paymentOrders());
                keeping.keep(connection, decoded);
                Applied applied = account(claim, batch, ledger, orders, to);
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

    private static Applied account(
            Claim claim, Batch batch, StagedTable.Merged ledger, StagedTable.Merged orders, Progress to) {
        int applied = ledger.applied() + orders.applied();
        int duplicate = ledger.duplicate() + orders.duplicate();
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
