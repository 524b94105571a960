package txlookup.backfill;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import txlookup.apply.store.batch.Store;
import txlookup.traffic.Event;
import txlookup.traffic.Payments;

/** A stream that goes on while a load runs: random steps of random payments, those of the extract and later ones. */
final class LiveTraffic implements AutoCloseable {
    private static final int AT_ONCE = 50;
    private static final int PATIENCE = 100;

    private final Payments world;
    private final Random random;
    private final BackfillFixture fixture;
    private final List<Event> applied = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "live-traffic");
    private volatile boolean stopping;
    private volatile @Nullable Exception failure;

    LiveTraffic(Payments world, long seed, BackfillFixture fixture) {
        this.world = world;
        this.random = new Random(seed);
        this.fixture = fixture;
        thread.setDaemon(true);
    }

    /** Begins, unless it began. */
    void start() {
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    private void run() {
        try {
            EventStream stream = new EventStream(new Store(fixture.connections));
            while (!stopping) {
                List<Event> some = some();
                applyPatiently(stream, some);
                applied.addAll(some);
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (SQLException | RuntimeException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Event> some() {
        List<Event> some = new ArrayList<>(AT_ONCE);
        while (some.size() < AT_ONCE) {
            List<Event> history = world.history(random.nextLong(world.settled() + world.settled() / 20));
            some.add(history.get(random.nextInt(history.size())));
        }
        return some;
    }

    /** As a consumer does: what the store refuses for a moment is tried again, for the transaction left nothing. */
    private static void applyPatiently(EventStream stream, List<Event> events)
            throws SQLException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                stream.apply(events, AT_ONCE);
                return;
            } catch (SQLException e) {
                if (tries == PATIENCE) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    /** Ends it, and gives what was applied. */
    List<Event> stop() throws Exception {
        stopping = true;
        thread.join();
        if (failure != null) {
            throw failure;
        }
        return applied;
    }

    /** Applies what another one applied. */
    void replay(List<Event> events) throws SQLException {
        new EventStream(new Store(fixture.connections)).apply(events, EventStream.MANY);
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
