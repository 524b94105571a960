package txlookup.consumer;

import java.sql.SQLException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import txlookup.apply.store.StoreRetry;

/** Does something with the store until it works, or the partition is given back meanwhile. */
final class PatientStore {
    private final StoreRetry retry;

    PatientStore(ConsumerSettings settings, Availability availability, BooleanSupplier stopping) {
        this.retry = new StoreRetry(settings.backoffFirst(), settings.backoffMost(), availability, stopping);
    }

    <T> T until(StoreRetry.Work<T> work) throws SQLException, InterruptedException {
        return retry.call(work);
    }

    <T> T until(StoreRetry.Work<T> work, StoreRetry.Work<Optional<T>> doneAnyway)
            throws SQLException, InterruptedException {
        return retry.call(work, doneAnyway);
    }
}
