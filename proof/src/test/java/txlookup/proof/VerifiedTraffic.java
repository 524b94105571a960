package txlookup.proof;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import txlookup.apply.model.Entity;
import txlookup.apply.store.position.Lease;
import txlookup.proof.compare.StoredVersion;
import txlookup.traffic.Event;
import txlookup.traffic.Payments;

/** A stream that goes on while a store is verified: newer snapshots of odd payments' entries, and new payments. */
final class VerifiedTraffic implements AutoCloseable {
    private static final int BATCH = 50;

    private final ProofFixture fixture;
    private final long payments;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Future<Long> writing;
    private volatile boolean over;

    VerifiedTraffic(ProofFixture fixture, long payments) {
        this.fixture = fixture;
        this.payments = payments;
        this.writing = thread.submit((Callable<Long>) this::write);
    }

    private long write() throws Exception {
        Lease claim = fixture.claim("live");
        Payments world = new Payments(7, ProofFixture.CUTOVER, payments);
        Random random = new Random(3);
        long batches = 0;
        while (!over) {
            Instant now = ProofFixture.CUTOVER.plusSeconds(60 + batches);
            List<String> keys = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                keys.add(Payments.paymentTxId(random.nextLong(payments / 2) * 2 + 1));
            }
            List<byte[]> events = new ArrayList<>();
            for (StoredVersion held :
                    fixture.storeSide.find(Entity.LEDGER_ENTRY, keys).values()) {
                events.add(new SnapshotJson(held.snapshot())
                        .put("amount", "9.99")
                        .version(held.snapshot(), 1, now)
                        .bytes());
            }
            for (Event event : world.state(payments + batches)) {
                if (event.kind() == Event.Kind.LEDGER_ENTRY) {
                    events.add(event.value());
                }
            }
            claim = fixture.apply(claim, Entity.LEDGER_ENTRY, now, events);
            batches++;
            Thread.sleep(10);
        }
        return batches;
    }

    /** Ends the stream; gives how many batches it was. */
    long stop() throws Exception {
        over = true;
        return writing.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        over = true;
        thread.shutdown();
        try {
            if (!thread.awaitTermination(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The live traffic did not end within 30 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
