package txlookup.azure.blob;

import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.specialized.BlobLeaseClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A blob that one process at a time holds. It is renewed while that process lives, and ends by itself a minute after the
 * process is gone.
 */
public final class BlobLease implements AutoCloseable {
    private static final int SECONDS = 60;
    private static final int RENEW_EVERY = 15;
    private static final int CONFLICT = 409;

    private final BlobLeaseClient lease;
    private final ScheduledExecutorService renewing = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "lease");
        thread.setDaemon(true);
        return thread;
    });

    private final ScheduledFuture<?> renewal;

    private BlobLease(BlobLeaseClient lease, Runnable lost) {
        this.lease = lease;
        this.renewal = renewing.scheduleWithFixedDelay(() -> renew(lost), RENEW_EVERY, RENEW_EVERY, TimeUnit.SECONDS);
    }

    /**
     * Takes it, waiting as long as a holder that is gone would still seem to hold it.
     *
     * @param lost told once when another process could have it
     * @return empty when another process holds it
     */
    public static Optional<BlobLease> take(BlobFolder blobs, String name, Duration patience, Runnable lost)
            throws IOException, InterruptedException {
        BlobLeaseClient lease = blobs.lease(name);
        long until = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                lease.acquireLease(SECONDS);
                return Optional.of(new BlobLease(lease, lost));
            } catch (BlobStorageException e) {
                if (e.getStatusCode() != CONFLICT) {
                    throw new IOException("no lease on %s in %s".formatted(name, blobs.address()), e);
                }
            }
            if (System.nanoTime() > until) {
                return Optional.empty();
            }
            Thread.sleep(1_000);
        }
    }

    private void renew(Runnable lost) {
        try {
            lease.renewLease();
        } catch (BlobStorageException e) {
            if (e.getStatusCode() == CONFLICT) {
                renewal.cancel(false);
                lost.run();
            }
            // Anything else passes, or the service will say conflict.
        }
    }

    @Override
    public void close() {
        renewal.cancel(false);
        renewing.shutdownNow();
        try {
            lease.releaseLease();
        } catch (BlobStorageException e) {
            // It ends by itself.
        }
    }
}
