package txlookup.consumer.worker;

import java.util.function.LongSupplier;
import txlookup.apply.store.batch.Store;
import txlookup.consumer.offsets.LogWatch;
import txlookup.consumer.telemetry.BatchTracing;
import txlookup.consumer.telemetry.ConsumerMetrics;
import txlookup.consumer.telemetry.StoreHealth;

/**
 * What all workers of a process share.
 *
 * @param waitingBytes how much may wait for one partition now
 */
public record WorkerShared(
        SubscriptionSettings settings,
        Store store,
        StoreTurns turns,
        GroupCommit groups,
        LogWatch logs,
        ConsumerMetrics metrics,
        BatchTracing tracing,
        StoreHealth availability,
        LongSupplier waitingBytes) {}
