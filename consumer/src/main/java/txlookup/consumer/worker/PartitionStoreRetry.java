package txlookup.consumer.worker;

import java.sql.SQLException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import txlookup.apply.store.sql.StoreRetry;
import txlookup.consumer.telemetry.StoreHealth;

/** Does something with the store, in turn, until it works or the partition is given back meanwhile. */
public final class PartitionStoreRetry {
    private final StoreRetry retry;
    private final StoreHealth availability;
    private final StoreTurns turns;
    private final BooleanSupplier stopping;

    public PartitionStoreRetry(
            SubscriptionSettings settings, StoreHealth availability, StoreTurns turns, BooleanSupplier stopping) {
        this.retry = new StoreRetry(settings.backoffFirst(), settings.backoffMost(), availability, stopping);
        this.availability = availability;
        this.turns = turns;
        this.stopping = stopping;
    }

    public <T> T until(StoreRetry.Work<T> work) throws SQLException, InterruptedException {
        return retry.call(() -> inTurn(work));
    }

    /**
     * @param doneAnyway asked before each retry: the connection may have broken after the server committed, and then a
     *     second try would find itself fenced by the first
     */
    <T> T until(StoreRetry.Work<T> work, StoreRetry.Work<Optional<T>> doneAnyway)
            throws SQLException, InterruptedException {
        return retry.call(() -> inTurn(work), () -> inTurn(doneAnyway));
    }

    private <T> T inTurn(StoreRetry.Work<T> work) throws SQLException, InterruptedException {
        // While the store answers, others end their turns soon, and the batch at hand is worth the wait.
        if (!turns.await(() -> stopping.getAsBoolean() && availability.outage().isPresent())) {
            throw new StoreRetry.StoppedWaiting(null);
        }
        try {
            return work.run();
        } finally {
            turns.end();
        }
    }
}
