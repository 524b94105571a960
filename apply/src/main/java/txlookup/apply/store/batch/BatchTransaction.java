package txlookup.apply.store.batch;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongFunction;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.FencedException;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.SourcePositions;
import txlookup.apply.store.sql.SqlErrors;

/** The transaction of a batch: its position, its rows, what is kept beside them and its counts, or none of it. */
public final class BatchTransaction {
    /** Each time it is another transaction that got further. */
    static final int MOST_TRIES = 20;

    private static final Logger log = LoggerFactory.getLogger(BatchTransaction.class);

    private final DataSource connections;
    private final Tracer tracer;

    BatchTransaction(DataSource connections, Tracer tracer) {
        this.connections = connections;
        this.tracer = tracer;
    }

    /** What is done and kept beside a batch's snapshots, in its transaction. */
    public interface Keeping {
        /** Before the merge. */
        default void prepare(Connection connection) throws SQLException {}

        /** After the merge; once more where the transaction is tried again. */
        void keep(Connection connection, Batch batch) throws SQLException;
    }

    /** How a batch's rows get in: what became of them, and the batch as it then is. */
    private interface Writing {
        Written write(Connection connection) throws SQLException;
    }

    private record Written(Batch batch, StagingMerge.Merged merged) {}

    /**
     * Applies a batch. Where the store refuses it as a whole, or does not get done in time, it is written in halves
     * ({@link BadValueBisection}).
     *
     * @param records gives a record of the batch by its position
     * @param to where the source stands afterwards
     * @param commits whether it is not all rolled back in the end
     * @throws FencedException when the claim is no longer the newest; nothing was changed
     */
    BatchResult apply(
            Lease claim,
            Batch batch,
            LongFunction<SourceRecord> records,
            Checkpoint to,
            Keeping keeping,
            boolean commits)
            throws SQLException {
        try {
            return repeated(claim, batch, connection -> whole(connection, batch, claim), to, keeping, commits);
        } catch (SQLException e) {
            if (!SqlErrors.isOfItsSize(e)) {
                throw e;
            }
            log.info("{}: {} records are written in parts: {}", claim.source(), batch.given(), e.getMessage());
            return SqlErrors.isData(e)
                    ? withoutRefused(claim, batch, records, to, keeping, commits)
                    : inParts(claim, batch, records, to, keeping, commits);
        }
    }

    private BatchResult withoutRefused(
            Lease claim,
            Batch batch,
            LongFunction<SourceRecord> records,
            Checkpoint to,
            Keeping keeping,
            boolean commits)
            throws SQLException {
        try {
            Batch storable = new BatchEncoder().encode(withDeadLetters(claim, batch, records));
            return repeated(claim, batch, connection -> whole(connection, storable, claim), to, keeping, commits);
        } catch (SQLException e) {
            if (!SqlErrors.isOfItsSize(e)) {
                throw e;
            }
            return inParts(claim, batch, records, to, keeping, commits);
        }
    }

    private BatchResult inParts(
            Lease claim,
            Batch batch,
            LongFunction<SourceRecord> records,
            Checkpoint to,
            Keeping keeping,
            boolean commits)
            throws SQLException {
        return repeated(claim, batch, connection -> parts(connection, batch, records, claim), to, keeping, commits);
    }

    /** What the batch was made of, with a dead letter in place of each snapshot that the store refuses; nothing is stored. */
    private List<Decoded> withDeadLetters(Lease claim, Batch batch, LongFunction<SourceRecord> records)
            throws SQLException {
        try (Connection connection = connections.getConnection()) {
            try {
                BadValueBisection halves = halves(connection, records, claim, false);
                halves.write(batch.decoded());
                connection.rollback();
                return halves.settled();
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        }
    }

    private static Written whole(Connection connection, Batch batch, Lease claim) throws SQLException {
        return new Written(batch, write(connection, batch, claim));
    }

    private static StagingMerge.Merged write(Connection connection, Batch batch, Lease claim) throws SQLException {
        return batch.folded()
                .plus(RowWriter.LEDGER_ENTRIES.write(connection, batch.ledgerEntries(), claim.sourceId()))
                .plus(RowWriter.PAYMENT_ORDERS.write(connection, batch.paymentOrders(), claim.sourceId()));
    }

    private static Written parts(Connection connection, Batch batch, LongFunction<SourceRecord> records, Lease claim)
            throws SQLException {
        Statements.execute(connection, BadValueBisection.GIVE_WAY_SOON);
        BadValueBisection halves = halves(connection, records, claim, true);
        halves.write(batch.decoded());
        return new Written(new BatchEncoder().encode(halves.settled()), halves.merged());
    }

    private static BadValueBisection halves(
            Connection connection, LongFunction<SourceRecord> records, Lease claim, boolean keeps) {
        BatchEncoder encoder = new BatchEncoder();
        return new BadValueBisection(connection, records, keeps, part -> {
            // They are emptied by the end of a transaction only, which here has several parts.
            Statements.execute(connection, LedgerEntryTable.TABLE.empty());
            Statements.execute(connection, PaymentOrderTable.TABLE.empty());
            return write(connection, encoder.encode(part), claim);
        });
    }

    private BatchResult repeated(
            Lease claim, Batch batch, Writing writing, Checkpoint to, Keeping keeping, boolean commits)
            throws SQLException {
        for (int tries = 1; ; tries++) {
            try {
                return transact(claim, batch, writing, to, keeping, commits);
            } catch (SQLException e) {
                if (!RowWriter.isOvertaken(e)) {
                    throw e;
                }
                if (tries == MOST_TRIES) {
                    throw new SQLTransientException(
                            "%s: another transaction was in the way %d times".formatted(claim.source(), tries),
                            e.getSQLState(),
                            e);
                }
                letTheOtherEnd(e);
            }
        }
    }

    /** Jitter keeps the deadlock victim from colliding again. */
    private static void letTheOtherEnd(SQLException e) throws SQLException {
        if (SqlErrors.isTransient(e)) {
            try {
                Thread.sleep(ThreadLocalRandom.current().nextLong(50, 250));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw e;
            }
        }
    }

    private BatchResult transact(
            Lease claim, Batch given, Writing writing, Checkpoint to, Keeping keeping, boolean commits)
            throws SQLException {
        try (Connection connection = connections.getConnection()) {
            try {
                advance(connection, claim, to);
                keeping.prepare(connection);
                Written written = writing.write(connection);
                keeping.keep(connection, written.batch());
                int dead = written.batch().deadLetters().size();
                BatchResult applied = account(claim, given.consumed(), written.merged(), dead, to);
                SourcePositions.count(
                        connection, claim, applied, written.batch().markers().size());
                if (commits) {
                    commit(connection);
                    return applied;
                }
                connection.rollback();
                return new BatchResult(claim, applied.applied(), applied.stale(), applied.duplicate(), applied.dead());
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        }
    }

    /**
     * No record is in this statement, so none is to blame for it: a server that is out of transaction numbers says 54000,
     * and one where a process that lost the source still holds its row lets the statement run out of time.
     */
    private static void advance(Connection connection, Lease claim, Checkpoint to) throws SQLException {
        try {
            SourcePositions.advance(connection, claim, to);
        } catch (SQLException e) {
            throw SqlErrors.isOfItsSize(e)
                    ? new SQLTransientException(e.getMessage(), SqlErrors.LOCK_NOT_AVAILABLE, e)
                    : e;
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

    /**
     * What became of a batch.
     *
     * @param given how many records it was made of, markers left out
     * @throws IllegalStateException when that is not all that the batch was made of: a row was lost on its way
     */
    public static BatchResult account(Lease claim, int given, StagingMerge.Merged merged, int dead, Checkpoint to) {
        BatchResult applied =
                new BatchResult(claim.movedTo(to), merged.applied(), merged.stale(), merged.duplicate(), dead);
        if (applied.consumed() != given) {
            throw new IllegalStateException(
                    "%s at %d: of %d records %d were applied, %d stale, %d duplicate and %d dead, which is not all; nothing was committed"
                            .formatted(
                                    claim.source(),
                                    claim.nextPosition(),
                                    given,
                                    applied.applied(),
                                    applied.stale(),
                                    applied.duplicate(),
                                    applied.dead()));
        }
        return applied;
    }

    public static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The connection is broken; the server rolls back by itself, and the first failure is the one to tell.
            cause.addSuppressed(e);
        }
    }
}
