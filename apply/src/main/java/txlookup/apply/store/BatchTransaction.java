package txlookup.apply.store;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;

/** The transaction of a batch: its rows, what is kept beside them, its counts and its position, or none of it. */
final class BatchTransaction {
    /** Each time it is another transaction that got further. */
    static final int MOST_TRIES = 20;

    private final DataSource connections;
    private final Tracer tracer;

    BatchTransaction(DataSource connections, Tracer tracer) {
        this.connections = connections;
        this.tracer = tracer;
    }

    /** What is done and kept beside a batch's snapshots, in its transaction. */
    interface Keeping {
        /** Before the merge. */
        default void prepare(Connection connection) throws SQLException {}

        void keep(Connection connection, Batch batch) throws SQLException;
    }

    /**
     * @param to where the source stands afterwards
     * @param commits whether it is not all rolled back in the end
     * @throws FencedException when the claim is no longer the newest; nothing was changed
     */
    Applied apply(Claim claim, Batch batch, Progress to, Keeping keeping, boolean commits) throws SQLException {
        for (int tries = 1; ; tries++) {
            try {
                return transact(claim, batch, to, keeping, commits);
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

    private Applied transact(Claim claim, Batch batch, Progress to, Keeping keeping, boolean commits)
            throws SQLException {
        try (Connection connection = connections.getConnection()) {
            try {
                keeping.prepare(connection);
                StagedTable.Merged ledger =
                        Upsert.LEDGER_ENTRIES.write(connection, batch.ledgerEntries(), claim.sourceId());
                StagedTable.Merged orders =
                        Upsert.PAYMENT_ORDERS.write(connection, batch.paymentOrders(), claim.sourceId());
                keeping.keep(connection, batch);
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

    /** What became of a batch, from what became of its rows. */
    static Applied account(
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
