package txlookup.apply.store.sql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Does something with the store until it works: infrastructure faults are waited for, everything else is thrown. */
public final class StoreRetry {
    /** Something else came to an end while the store was away; what was tried has changed nothing. */
    public static final class StoppedWaiting extends RuntimeException {
        public StoppedWaiting(@Nullable Throwable cause) {
            super(cause);
        }
    }

    /** What is tried. */
    public interface Work<T> {
        T run() throws SQLException, InterruptedException;
    }

    /** Is told how the store stands; called at each try. */
    public interface Listener {
        void storeIsAway(SQLException e);

        void storeAnswered();
    }

    private final Duration backoffFirst;
    private final Duration backoffMost;
    private final Listener listener;
    private final BooleanSupplier stopping;

    /**
     * @param backoffFirst first wait after a failure; doubled up to {@code backoffMost}, with jitter
     * @param backoffMost longest wait between two tries; a try that lasted longer begins with the first wait again
     * @param stopping whether waiting has lost its purpose
     */
    public StoreRetry(Duration backoffFirst, Duration backoffMost, Listener listener, BooleanSupplier stopping) {
        this.backoffFirst = backoffFirst;
        this.backoffMost = backoffMost;
        this.listener = listener;
        this.stopping = stopping;
    }

    /**
     * Tries until it works.
     *
     * @throws StoppedWaiting when the store is away and waiting has lost its purpose
     * @throws SQLException what no waiting helps against
     */
    public <T> T call(Work<T> work) throws SQLException, InterruptedException {
        return call(work, Optional::empty);
    }

    /**
     * As {@link #call(Work)}.
     *
     * @param doneAnyway asked before each retry: the connection may have broken after the server committed, and then a
     *     second try would find itself fenced by the first
     */
    public <T> T call(Work<T> work, Work<Optional<T>> doneAnyway) throws SQLException, InterruptedException {
        long wait = backoffFirst.toMillis();
        boolean retrying = false;
        while (true) {
            long began = System.nanoTime();
            try {
                Optional<T> done = retrying ? doneAnyway.run() : Optional.empty();
                T result = done.isPresent() ? done.get() : work.run();
                listener.storeAnswered();
                return result;
            } catch (SQLException e) {
                if (!SqlErrors.isTransient(e)) {
                    throw e;
                }
                listener.storeIsAway(e);
                if (stopping.getAsBoolean()) {
                    throw new StoppedWaiting(e);
                }
                retrying = true;
                if (System.nanoTime() - began > backoffMost.toNanos()) {
                    wait = backoffFirst.toMillis();
                }
                Thread.sleep(ThreadLocalRandom.current().nextLong(wait / 2, wait + 1));
                wait = Math.min(wait * 2, backoffMost.toMillis());
            }
        }
    }
}
