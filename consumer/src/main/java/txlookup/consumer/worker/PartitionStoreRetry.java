package txlookup.consumer.worker;

import java.sql.SQLException;
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
        return retry.call(() -> {
            awaitTurn();
            try {
                return work.run();
            } finally {
                endTurn();
            }
        });
    }

    /** For a loop that makes the attempts itself, each in a turn. */
    StoreRetry.Attempts attempts() {
        return retry.attempts();
    }

    /** @throws StoreRetry.StoppedWaiting when the partition is given back while the store is away */
    void awaitTurn() throws InterruptedException {
        // While the store answers, others end their turns soon, and the batch at hand is worth the wait.
        if (!turns.await(() -> stopping.getAsBoolean() && availability.outage().isPresent())) {
            throw new StoreRetry.StoppedWaiting(null);
        }
    }

    void endTurn() {
        turns.end();
    }
}
