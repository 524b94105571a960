package txlookup.consumer;

import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import txlookup.apply.store.Faults;

/** Does something with the store until it works: infrastructure faults are waited for, everything else is thrown. */
final class PatientStore {
    /** The partition was given back while the store was away; the batch was not applied and is polled again. */
    static final class StoppedWaiting extends RuntimeException {
        StoppedWaiting(@Nullable Throwable cause) {
            super(cause);
        }
    }

    interface Work<T> {
        T run() throws SQLException;
    }

    private final ConsumerSettings settings;
    private final Availability availability;
    private final StoreTurns turns;
    private final BooleanSupplier stopping;

    PatientStore(ConsumerSettings settings, Availability availability, StoreTurns turns, BooleanSupplier stopping) {
        this.settings = settings;
        this.availability = availability;
        this.turns = turns;
        this.stopping = stopping;
    }

    <T> T until(Work<T> work) throws SQLException, InterruptedException {
        return until(work, Optional::empty);
    }

    /**
     * @param doneAnyway asked before each retry: the connection may have broken after the server committed, and then a
     *     second try would find itself fenced by the first
     */
    <T> T until(Work<T> work, Work<Optional<T>> doneAnyway) throws SQLException, InterruptedException {
        long wait = settings.backoffFirst().toMillis();
        boolean retrying = false;
        while (true) {
            try {
                T result = inTurn(work, retrying ? doneAnyway : Optional::empty);
                availability.storeAnswered();
                return result;
            } catch (SQLException e) {
                if (!Faults.isTransient(e)) {
                    throw e;
                }
                availability.storeIsAway(e);
                if (stopping.getAsBoolean()) {
                    throw new StoppedWaiting(e);
                }
                retrying = true;
                Thread.sleep(ThreadLocalRandom.current().nextLong(wait / 2, wait + 1));
                wait = Math.min(wait * 2, settings.backoffMost().toMillis());
            }
        }
    }

    private <T> T inTurn(Work<T> work, Work<Optional<T>> doneAnyway) throws SQLException, InterruptedException {
        // While the store answers, others end their turns soon, and the batch at hand is worth the wait.
        if (!turns.await(() -> stopping.getAsBoolean() && availability.outage().isPresent())) {
            throw new StoppedWaiting(null);
        }
        try {
            Optional<T> done = doneAnyway.run();
            return done.isPresent() ? done.get() : work.run();
        } finally {
            turns.end();
        }
    }
}
