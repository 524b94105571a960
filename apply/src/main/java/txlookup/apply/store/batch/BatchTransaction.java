package txlookup.apply.store.batch;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.PaymentOrder;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.FencedException;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.SourceProgress;
import txlookup.apply.store.sql.SqlErrors;
import txlookup.apply.store.sql.Statements;

/**
 * The transaction of a batch, or of several sources' batches: its position, its rows, what is kept beside them and its
 * counts, or none of it.
 */
public final class BatchTransaction {
    /** Each time it is another transaction that got further. */
    static final int MOST_TRIES = 20;

    /** Of sources that share a transaction none waits for what is in another's way. */
    private static final String WAIT_FOR_NOBODY_LONG = "SET LOCAL lock_timeout = '500ms'";

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

    /**
     * What is applied.
     *
     * @param records gives a record of the batch by its position
     * @param to where the source stands afterwards
     * @param commits whether it is not all rolled back in the end
     */
    record Task(
            Lease claim,
            Batch batch,
            LongFunction<SourceRecord> records,
            Checkpoint to,
            Keeping keeping,
            boolean commits) {}

    /**
     * Applies a batch. Where the store refuses it as a whole, or does not get done in time, it is written in halves
     * ({@link BadValueBisection}).
     *
     * @throws FencedException when the claim is no longer the newest; nothing was changed
     */
    BatchResult apply(Task task) throws SQLException {
        Batch storable = task.batch();
        boolean inParts = false;
        RowWriter.Entering how = RowWriter.Entering.COPIED;
        int tries = 1;
        while (true) {
            try {
                return transact(List.of(task), List.of(storable), inParts, how).get(0);
            } catch (SQLException e) {
                if (RowWriter.isOvertaken(e)) {
                    letTheOtherEnd(task.claim(), tries, e);
                    tries++;
                } else if (SqlErrors.isUntold(e) && how == RowWriter.Entering.COPIED) {
                    log.info(
                            "{}: rows are merged, as a COPY failed: {}",
                            task.claim().source(),
                            e.getMessage());
                    how = RowWriter.Entering.MERGED;
                } else if (SqlErrors.isOfItsSize(e) && !inParts) {
                    log.info(
                            "{}: {} records are written in parts: {}",
                            task.claim().source(),
                            task.batch().given(),
                            e.getMessage());
                    Optional<Batch> refusedOnesDead = SqlErrors.isData(e) && storable == task.batch()
                            ? refusedOnesDead(task, how)
                            : Optional.empty();
                    inParts = refusedOnesDead.isEmpty();
                    storable = refusedOnesDead.orElse(task.batch());
                    tries = 1;
                } else {
                    throw e;
                }
            }
        }
    }

    /**
     * Applies batches of several sources in one transaction. Tries once: what is in the way of one would keep the others.
     *
     * @throws FencedException when a claim is no longer the newest; nothing was changed
     */
    List<BatchResult> applyTogether(List<Task> tasks) throws SQLException {
        return transact(tasks, tasks.stream().map(Task::batch).toList(), false, RowWriter.Entering.COPIED);
    }

    /** @param storable the batches as they are written; in parts only one alone */
    private List<BatchResult> transact(List<Task> tasks, List<Batch> storable, boolean inParts, RowWriter.Entering how)
            throws SQLException {
        try (Connection connection = connections.getConnection()) {
            try {
                if (tasks.size() > 1) {
                    Statements.execute(connection, WAIT_FOR_NOBODY_LONG);
                }
                advance(connection, tasks);
                for (Task task : tasks) {
                    task.keeping().prepare(connection);
                }
                List<Batch> written = storable;
                List<StagingMerge.Merged> merged;
                if (inParts) {
                    Statements.execute(connection, BadValueBisection.GIVE_WAY_SOON);
                    BadValueBisection halves = halves(connection, tasks.get(0), true, how);
                    written = List.of(new BatchEncoder().encode(halves.settled()));
                    merged = List.of(halves.merged());
                } else {
                    merged = write(
                            connection,
                            storable,
                            tasks.stream().map(task -> task.claim().sourceId()).toList(),
                            how);
                }
                List<BatchResult> applied = new ArrayList<>();
                for (int i = 0; i < tasks.size(); i++) {
                    Task task = tasks.get(i);
                    task.keeping().keep(connection, written.get(i));
                    int dead = written.get(i).deadLetters().size();
                    applied.add(account(task.claim(), task.batch().consumed(), merged.get(i), dead, task.to()));
                }
                SourceProgress.count(
                        connection,
                        applied,
                        written.stream().map(batch -> batch.markers().size()).toList());
                if (tasks.get(0).commits()) {
                    commit(connection);
                    return applied;
                }
                connection.rollback();
                return applied.stream()
                        .map(tried -> tried.under(tasks.get(0).claim()))
                        .toList();
            } catch (SQLException | RuntimeException e) {
                Statements.rollBack(connection, e);
                throw e;
            }
        }
    }

    private static List<StagingMerge.Merged> write(
            Connection connection, List<Batch> batches, List<Integer> sourceIds, RowWriter.Entering how)
            throws SQLException {
        RowWriter<LedgerEntry> entries = RowWriter.LEDGER_ENTRIES;
        RowWriter<PaymentOrder> orders = RowWriter.PAYMENT_ORDERS;
        var entryRows =
                EncodedRows.together(batches.stream().map(Batch::ledgerEntries).toList());
        var orderRows =
                EncodedRows.together(batches.stream().map(Batch::paymentOrders).toList());
        var ofEntries =
                entries.write(connection, entryRows, sourceIds, entries.stored(connection, entryRows.keys()), how);
        var ofOrders = orders.write(connection, orderRows, sourceIds, orders.stored(connection, orderRows.keys()), how);
        return IntStream.range(0, batches.size())
                .mapToObj(i -> ofEntries.get(i).plus(ofOrders.get(i)))
                .toList();
    }

    /** The batch with a dead letter in place of each snapshot that the store refuses; empty where to find them takes too long. */
    private Optional<Batch> refusedOnesDead(Task task, RowWriter.Entering how) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            try {
                BadValueBisection halves = halves(connection, task, false, how);
                connection.rollback();
                return Optional.of(new BatchEncoder().encode(halves.settled()));
            } catch (SQLException | RuntimeException e) {
                Statements.rollBack(connection, e);
                if (e instanceof SQLException untold
                        && SqlErrors.isUntold(untold)
                        && how == RowWriter.Entering.COPIED) {
                    return refusedOnesDead(task, RowWriter.Entering.MERGED);
                }
                if (e instanceof SQLException ofItsSize && SqlErrors.isOfItsSize(ofItsSize)) {
                    return Optional.empty();
                }
                throw e;
            }
        }
    }

    /** @param keeps whether parts that could be written stay written */
    private static BadValueBisection halves(Connection connection, Task task, boolean keeps, RowWriter.Entering how)
            throws SQLException {
        BatchEncoder encoder = new BatchEncoder();
        BadValueBisection halves = new BadValueBisection(connection, task.records(), keeps, part -> {
            // They are emptied by the end of a transaction only, which here has several parts.
            Statements.execute(connection, LedgerEntryTable.TABLE.empty());
            Statements.execute(connection, PaymentOrderTable.TABLE.empty());
            return write(
                            connection,
                            List.of(encoder.encode(part)),
                            List.of(task.claim().sourceId()),
                            how)
                    .get(0);
        });
        halves.write(task.batch().decoded());
        return halves;
    }

    /** Jitter keeps the deadlock victim from colliding again. */
    private static void letTheOtherEnd(Lease claim, int tries, SQLException e) throws SQLException {
        if (tries == MOST_TRIES) {
            throw new SQLTransientException(
                    "%s: another transaction was in the way %d times".formatted(claim.source(), tries),
                    e.getSQLState(),
                    e);
        }
        if (SqlErrors.isTransient(e)) {
            try {
                Thread.sleep(ThreadLocalRandom.current().nextLong(50, 250));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw e;
            }
        }
    }

    /**
     * No record is in this statement, so none is to blame for it: a server that is out of transaction numbers says 54000,
     * and one where a process that lost the source still holds its row lets the statement run out of time.
     */
    private static void advance(Connection connection, List<Task> tasks) throws SQLException {
        try {
            SourceProgress.advance(
                    connection,
                    tasks.stream()
                            .map(task -> new SourceProgress.Step(task.claim(), task.to()))
                            .toList());
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
}
