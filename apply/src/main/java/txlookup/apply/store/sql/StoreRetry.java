package txlookup.apply.store.sql;

import java.sql.SQLException;
import java.time.Duration;
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
        Attempts attempts = attempts();
        while (true) {
            try {
                T result = work.run();
                attempts.succeeded();
                return result;
            } catch (SQLException e) {
                attempts.awaitNext(e);
            }
        }
    }

    /** For a loop that makes the attempts itself. */
    public Attempts attempts() {
        return new Attempts();
    }

    /** The attempts at one thing, in a loop of their own. */
    public final class Attempts {
        private long wait = backoffFirst.toMillis();
        private long began = System.nanoTime();
        private boolean first = true;

        private Attempts() {}

        /** Whether none has failed so far. */
        public boolean isFirst() {
            return first;
        }

        /** The store answered. */
        public void succeeded() {
            listener.storeAnswered();
        }

        /**
         * Waits before the next one.
         *
         * @throws StoppedWaiting when waiting has lost its purpose
         * @throws SQLException the failure, where no waiting helps against it
         */
        public void awaitNext(SQLException failure) throws SQLException, InterruptedException {
            if (!SqlErrors.isTransient(failure)) {
                throw failure;
            }
            listener.storeIsAway(failure);
            if (stopping.getAsBoolean()) {
                throw new StoppedWaiting(failure);
            }
            if (System.nanoTime() - began > backoffMost.toNanos()) {
                wait = backoffFirst.toMillis();
            }
            Thread.sleep(ThreadLocalRandom.current().nextLong(wait / 2, wait + 1));
            wait = Math.min(wait * 2, backoffMost.toMillis());
            first = false;
            began = System.nanoTime();
        }
    }
}
