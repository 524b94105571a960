package txlookup.consumer;

import java.util.function.LongSupplier;
import txlookup.apply.store.Store;

/**
 * What all workers of a process share.
 *
 * @param waitingBytes how much may wait for one partition now
 */
record WorkerShared(
        ConsumerSettings settings,
        Store store,
        StoreTurns turns,
        LogWatch logs,
        ConsumerMetrics metrics,
        BatchTracing tracing,
        Availability availability,
        LongSupplier waitingBytes) {}
