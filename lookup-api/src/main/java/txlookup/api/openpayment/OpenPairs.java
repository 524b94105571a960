package txlookup.api.openpayment;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.api.openpayment.OpenPairScan.Candidate;
import txlookup.api.search.IdPrefix;
import txlookup.api.store.OwnThreads;
import txlookup.api.web.Cursor;
import txlookup.api.web.CursorSigner;
import txlookup.api.web.ProblemException;

/**
 * The open payments, oldest first, without a table or an index that the writers would pay for. A pass over the pairing
 * index finds them all and is kept; a page is read from it, and each payment on the page is looked at anew, so none is
 * shown that has closed since. One that came to be open after the pass is not yet shown: the answer says when that was.
 *
 * <p>The first pass is made at the start, as soon as the store can be reached. Further ones are made only while somebody
 * asks, in the background, and take at most a twentieth of the time.
 */
public final class OpenPairs implements AutoCloseable {
    /** Kept of a pass: more than anybody reads, and little memory. */
    static final int MOST = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(OpenPairs.class);
    private static final Duration BETWEEN_PASSES = Duration.ofSeconds(2);
    private static final int SHARE_OF_TIME = 20;
    private static final Comparator<Candidate> OLDEST_FIRST =
            Comparator.comparing(Candidate::since).thenComparing(Candidate::orderId, IdPrefix.BY_BYTES);

    private final OpenPairScan scan;
    private final Duration patience;
    private final Clock clock;
    // What is still asked of it once it is closed is dropped.
    private final ScheduledThreadPoolExecutor passes =
            new ScheduledThreadPoolExecutor(1, OwnThreads.named("open-pairs"), new ThreadPoolExecutor.DiscardPolicy());
    private @Nullable Pass newest;
    private @Nullable CompletableFuture<Pass> underWay;

    private record Pass(List<Candidate> oldest, Instant asOf, long endedNanos, Duration took) {
        boolean isDueAgain() {
            Duration pause = took.multipliedBy(SHARE_OF_TIME);
            return System.nanoTime() - endedNanos
                    > (pause.compareTo(BETWEEN_PASSES) > 0 ? pause : BETWEEN_PASSES).toNanos();
        }

        /** Nobody asked for so long that the list says little about now. */
        boolean isOld() {
            return System.nanoTime() - endedNanos
                    > took.multipliedBy(2L * SHARE_OF_TIME).plus(BETWEEN_PASSES).toNanos();
        }
    }

    /**
     * A page of the list.
     *
     * @param asOf when the pass began that found these
     * @param complete false when there were more than are kept, the oldest being kept
     */
    public record Page(
            List<OpenPair> openPairs, int count, @Nullable String nextCursor, Instant asOf, boolean complete) {}

    /**
     * @param patience how long one who asks waits for a pass where there is none yet, before being told to come again;
     *     where there is an old one, before it is answered with that
     */
    public OpenPairs(OpenPairScan scan, Duration patience, Clock clock) {
        this.scan = scan;
        this.patience = patience;
        this.clock = clock;
    }

    /** Whether a page can be answered without waiting. */
    public synchronized boolean isReady() {
        return newest != null;
    }

    /** Makes the first pass, and tries again until there is one. Returns at once. */
    public synchronized void begin() {
        if (newest == null && underWay == null) {
            underWay = newPass();
        }
    }

    /** Its end is told under the lock that the caller holds, and so after the caller has kept it. */
    private CompletableFuture<Pass> newPass() {
        return CompletableFuture.supplyAsync(this::pass, passes).whenCompleteAsync(this::ended, passes);
    }

    public Page page(OpenPairsQuery query, CursorSigner cursors) throws SQLException {
        Pass pass = recentPass();
        Instant now = clock.instant();
        Instant youngest = now.minus(query.olderThan());
        List<OpenPair> page = new ArrayList<>();
        int next = query.after().map(cursor -> after(pass.oldest(), cursor)).orElse(0);
        while (page.size() <= query.limit() && next < pass.oldest().size()) {
            int end = Math.min(next + query.limit() + 1, pass.oldest().size());
            List<Candidate> candidates = pass.oldest().subList(next, end).stream()
                    .takeWhile(candidate -> !candidate.since().isAfter(youngest))
                    .toList();
            if (candidates.isEmpty()) {
                break;
            }
            page.addAll(scan.stillOpen(candidates, now));
            next += candidates.size();
        }
        boolean more = page.size() > query.limit();
        List<OpenPair> shown = more ? page.subList(0, query.limit()) : page;
        String nextCursor = more ? cursors.sign(cursor(shown.get(shown.size() - 1)), OpenPairsQuery.SCOPE) : null;
        return new Page(
                shown, shown.size(), nextCursor, pass.asOf(), pass.oldest().size() < MOST);
    }

    private static Cursor cursor(OpenPair last) {
        return new Cursor(last.since(), last.orderId());
    }

    private static int after(List<Candidate> oldest, Cursor cursor) {
        int low = 0;
        int high = oldest.size();
        Candidate last = new Candidate(cursor.txId(), cursor.eventTime());
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (OLDEST_FIRST.compare(oldest.get(middle), last) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private Pass recentPass() throws SQLException {
        CompletableFuture<Pass> awaited;
        Pass known;
        synchronized (this) {
            known = newest;
            if (underWay == null && (known == null || known.isDueAgain())) {
                underWay = newPass();
            }
            if ((known != null && !known.isOld()) || underWay == null) {
                return Objects.requireNonNull(known);
            }
            awaited = underWay;
        }
        try {
            return awaited.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if (known != null) {
                return known; // the answer says of when it is
            }
            throw ProblemException.unavailable("the list of open payments is being made", "open pairs: first pass");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PassFailed failed) {
                throw failed.failure();
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.unavailable("the service is stopping", "open pairs: interrupted");
        }
    }

    private synchronized void ended(@Nullable Pass pass, @Nullable Throwable failure) {
        underWay = null;
        if (pass != null) {
            newest = pass;
        } else if (newest == null) {
            Future<?> again = passes.schedule(this::begin, BETWEEN_PASSES.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("No pass for open payments could be made yet: {} {}", failure, again);
        }
    }

    private Pass pass() {
        Instant asOf = clock.instant();
        long started = System.nanoTime();
        try {
            List<Candidate> oldest = scan.oldest(MOST);
            Duration took = Duration.ofNanos(System.nanoTime() - started);
            LOG.debug("{} open payments found in {}", oldest.size(), took);
            return new Pass(oldest, asOf, System.nanoTime(), took);
        } catch (SQLException e) {
            throw new PassFailed(e);
        }
    }

    @Override
    public void close() {
        passes.shutdownNow();
    }

    /** Carries the store's failure to whoever waits. */
    private static final class PassFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PassFailed(SQLException failure) {
            super(failure);
        }

        SQLException failure() {
            return (SQLException) getCause();
        }
    }
}
