package txlookup.api.audit;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.web.ProblemException;

/**
 * Writes audit rows, many in one commit: while one commit is under way the next rows gather, and a commit waits a moment
 * for lookups that are under way ({@link #GATHERING}); a lookup that is alone waits for nobody. Who hands in a row waits
 * until it is committed, and gets a failure when that cannot be had in time, so that nothing is answered unaudited. All
 * rows of one writer make one chain ({@link AuditChain}).
 */
public final class AuditWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditWriter.class);

    // A commit of one row takes the database as long as one of five; more than a few gather while one is under way.
    private static final Duration GATHERING = Duration.ofNanos(500_000);
    private static final int ENOUGH = 4;

    private static final Duration BETWEEN_PARTITIONS = Duration.ofHours(6);

    private final DataSource database;
    private final LookupApiSettings.Audit settings;
    private final AtomicInteger underWay = new AtomicInteger();
    private final BlockingQueue<Waiting> queue;
    private final Thread writer = new Thread(this::writeUntilClosed, "audit-writer");
    private volatile boolean closing;
    private volatile long batchStarted;
    private volatile boolean writing;
    // The writer thread's alone. Empty until it is known where the chain stands, and again after every failure: a
    // commit whose confirmation was lost may have moved it.
    private Optional<AuditChain> chain = Optional.empty();
    private OptionalLong chainId = OptionalLong.empty();
    private long partitionsDue = System.nanoTime();

    /** @param database connections in autocommit and with {@code synchronous_commit}, for this writer alone */
    public AuditWriter(DataSource database, LookupApiSettings.Audit settings) {
        this.database = database;
        this.settings = settings;
        this.queue = new ArrayBlockingQueue<>(settings.queueCapacity());
        writer.setDaemon(true);
        writer.start();
    }

    /** A lookup begins that will hand in a row, or {@link Coming#close end} without. */
    public Coming coming() {
        underWay.incrementAndGet();
        return new Coming();
    }

    /** A row that is still to be handed in. */
    public final class Coming implements AutoCloseable {
        private boolean over;

        /** As {@link AuditWriter#write}. */
        public void write(AuditRow row) {
            Waiting waiting = handIn(row);
            close(); // once it is in the queue, so that nobody stops waiting before it is there
            await(waiting);
        }

        @Override
        public void close() {
            if (!over) {
                over = true;
                underWay.decrementAndGet();
            }
        }
    }

    /**
     * Returns when the row is committed.
     *
     * @throws ProblemException 503 when it is not: the store is away or too slow, or too many rows wait
     */
    public void write(AuditRow row) {
        await(handIn(row));
    }

    /**
     * As {@link #write}, of several rows in as few commits as there can be. Where it fails, some may be written.
     *
     * @throws ProblemException 503 when not all are
     */
    public void writeAll(List<AuditRow> rows) {
        List<Waiting> waiting = rows.stream().map(this::handIn).toList();
        waiting.forEach(this::await);
    }

    private Waiting handIn(AuditRow row) {
        Waiting waiting = new Waiting(row, new CompletableFuture<>());
        if (!queue.offer(waiting)) {
            throw unwritable(queue.size() + " rows are waiting already");
        }
        return waiting;
    }

    private void await(Waiting waiting) {
        try {
            waiting.committed().get(settings.writeTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            waiting.committed().cancel(false); // not begun yet, it is left out; begun, it may still be written
            throw unwritable("not committed after " + settings.writeTimeout());
        } catch (ExecutionException e) {
            throw unwritable(String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unwritable("interrupted");
        }
    }

    /** Rows that wait for the next commit. */
    public int waiting() {
        return queue.size();
    }

    /** Why no row can be written now, other than that the store is away; empty when all is well. */
    public Optional<String> fault() {
        if (!writer.isAlive()) {
            return Optional.of("the audit writer has stopped");
        }
        Duration busy = Duration.ofNanos(System.nanoTime() - batchStarted);
        return writing && busy.compareTo(settings.writeTimeout()) > 0
                ? Optional.of("the audit writer is stuck: its commit takes longer than " + settings.writeTimeout())
                : Optional.empty();
    }

    /** Writes what waits, then stops. Called when no more requests come. */
    @Override
    public void close() {
        closing = true;
        try {
            writer.join(settings.writeTimeout().multipliedBy(2).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeUntilClosed() {
        List<Waiting> batch = new ArrayList<>();
        while (!closing || !queue.isEmpty()) {
            gather(batch);
            if (!batch.isEmpty()) {
                batchStarted = System.nanoTime();
                writing = true;
                write(batch);
                writing = false;
            }
        }
    }

    private void gather(List<Waiting> batch) {
        batch.clear();
        try {
            Waiting first = queue.poll(100, TimeUnit.MILLISECONDS);
            if (first != null) {
                batch.add(first);
                long until = System.nanoTime() + GATHERING.toNanos();
                queue.drainTo(batch, settings.batchSize() - 1);
                while (underWay.get() > 0 && batch.size() < Math.min(ENOUGH, settings.batchSize())) {
                    Waiting next = queue.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
                    if (next == null) {
                        break;
                    }
                    batch.add(next);
                }
                queue.drainTo(batch, settings.batchSize() - batch.size());
                batch.removeIf(waiting -> waiting.committed().isDone());
            }
        } catch (InterruptedException e) {
            LOG.warn("The audit writer was interrupted, which only its process's end may do; it stops");
            closing = true;
        }
    }

    private void write(List<Waiting> batch) {
        try (Connection connection = database.getConnection()) {
            makePartitionsIfDue(connection);
            AuditChain from = chain.isPresent() ? chain.get() : AuditChain.goOn(connection, chainId);
            chain = Optional.empty();
            chainId = OptionalLong.of(from.chainId());
            chain = Optional.of(
                    from.append(connection, batch.stream().map(Waiting::row).toList()));
            batch.forEach(waiting -> waiting.committed().complete(null));
        } catch (SQLException | RuntimeException | Error e) {
            // An error, too: the writer is the only one, and without it nothing is answered any more.
            // Not tried again: after a lost connection it is not known whether the rows are there already.
            LOG.warn("{} audit rows could not be written: {}", batch.size(), e.toString());
            batch.forEach(waiting -> waiting.committed().completeExceptionally(e));
        }
    }

    /** Two months ahead, so that a failure has weeks to be mended in and no lookup waits for it. */
    private void makePartitionsIfDue(Connection connection) {
        if (System.nanoTime() - partitionsDue < 0) {
            return;
        }
        partitionsDue = System.nanoTime() + BETWEEN_PARTITIONS.toNanos();
        try {
            AuditChain.makePartitions(connection);
        } catch (SQLException e) {
            LOG.warn(
                    "The audit's partitions of the next months could not be made; the next try is in {}: {}",
                    BETWEEN_PARTITIONS,
                    e.toString());
        }
    }

    private static ProblemException unwritable(String reason) {
        return ProblemException.unavailable(
                "the lookup cannot be audited now and so is not answered", "audit: " + reason);
    }

    private record Waiting(AuditRow row, CompletableFuture<Void> committed) {}
}
