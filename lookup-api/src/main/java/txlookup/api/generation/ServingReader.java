package txlookup.api.generation;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.api.store.OwnThreads;
import txlookup.api.store.StoreSession;
import txlookup.api.web.ProblemException;

/**
 * Knows what serves. It reads {@code bo.serving} four times a second, beside the requests. A request that finds the last
 * read older than {@link #LEASE} reads the row itself before it is answered, over another connection: a process that was
 * frozen, or whose reader hangs, cannot answer from the past.
 */
public final class ServingReader implements AutoCloseable {
    /** How old what is known may be when a request begins. */
    static final Duration LEASE = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(ServingReader.class);
    private static final Duration BETWEEN_READS = Duration.ofMillis(250);
    private static final int MOST_READS = 3;

    private final StoreSession beside;
    private final StoreSession late;
    private final Duration patience;
    private final Consumer<ServingState> onRead;
    private final ScheduledExecutorService reader =
            Executors.newSingleThreadScheduledExecutor(OwnThreads.named("serving-reader"));
    private @Nullable ScheduledFuture<?> reads;
    private volatile @Nullable Known known;
    private @Nullable CompletableFuture<Void> underWay;

    /**
     * The row as it was read.
     *
     * @param counters what is counted of its epoch
     */
    public record Known(ServingState row, SideCounters counters, long beganNanos, long endedNanos) {
        // From its begin: a process may be frozen between the answer of the database and the end of the read.
        private boolean isOld() {
            return System.nanoTime() - beganNanos > LEASE.toNanos();
        }
    }

    /**
     * @param patience how long a request waits for a read that another one makes
     * @param onRead is told of each row before anybody answers by it
     */
    public ServingReader(StoreSession beside, StoreSession late, Duration patience, Consumer<ServingState> onRead) {
        this.beside = beside;
        this.late = late;
        this.patience = patience;
        this.onRead = onRead;
    }

    /** Begins to read. Returns at once. */
    public void start() {
        reads = reader.scheduleWithFixedDelay(this::readBeside, 0, BETWEEN_READS.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What serves, no older than {@link #LEASE}. */
    Known current() throws SQLException {
        for (int reads = 0; reads < MOST_READS; reads++) {
            Known last = known;
            if (last != null && !last.isOld()) {
                return last;
            }
            readLate();
        }
        throw ProblemException.unavailable("the store is too slow now", "bo.serving: each read took over " + LEASE);
    }

    /** What serves now: it is read for this. */
    Known newest() throws SQLException {
        readLate();
        return current();
    }

    /** What was read last, however old; null before the first read. */
    @Nullable
    Known lastKnown() {
        return known;
    }

    /** Returns once requests are answered by another epoch than that, or the time is over. */
    synchronized void awaitOtherEpoch(long epoch, Duration longest) throws InterruptedException {
        long until = System.nanoTime() + longest.toNanos();
        for (long left = longest.toNanos();
                left > 0 && (known == null || known.row().epoch() == epoch);
                left = until - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private void readBeside() {
        try {
            read(beside);
        } catch (SQLException | RuntimeException e) {
            // Thrown, it would end the reading for good. Requests find what is known too old and read it themselves.
            LOG.debug("bo.serving cannot be read now: {}", e.toString());
        }
    }

    /** One request reads, and all that come meanwhile wait for it. */
    private void readLate() throws SQLException {
        CompletableFuture<Void> awaited;
        boolean mine = false;
        synchronized (this) {
            if (underWay == null) {
                underWay = new CompletableFuture<>();
                mine = true;
            }
            awaited = underWay;
        }
        if (mine) {
            try {
                read(late);
                awaited.complete(null);
            } catch (SQLException | RuntimeException e) {
                awaited.completeExceptionally(e);
            } finally {
                synchronized (this) {
                    underWay = null;
                }
            }
        }
        await(awaited);
    }

    private void await(CompletableFuture<Void> read) throws SQLException {
        try {
            read.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw ProblemException.unavailable("the store is too slow now", "bo.serving: not read after " + patience);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.unavailable("the service is stopping", "bo.serving: interrupted");
        }
    }

    private void read(StoreSession session) throws SQLException {
        long began = System.nanoTime();
        ServingState row = session.use(ServingState::read);
        publish(row, began, System.nanoTime());
    }

    /** Two reads may end in another order than they began. Only a database that was made again has a smaller epoch. */
    private synchronized void publish(ServingState row, long began, long ended) {
        Known last = known;
        boolean sameEpoch = last != null && row.epoch() == last.row().epoch();
        boolean overtaken = last != null
                && (sameEpoch
                        ? began - last.beganNanos() < 0
                        : row.epoch() < last.row().epoch() && began - last.endedNanos() < 0);
        if (!overtaken) {
            onRead.accept(row);
            known = new Known(row, sameEpoch ? last.counters() : new SideCounters(), began, ended);
            if (!sameEpoch) {
                notifyAll();
            }
        }
    }

    @Override
    public void close() throws SQLException {
        if (reads != null) {
            reads.cancel(true);
        }
        reader.shutdownNow();
        beside.close();
        late.close();
    }
}
