package txlookup.consumer.telemetry;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.sql.StoreRetry;

/** Whether the store answers, for the log (once each way) and for {@code /ready}. */
public final class StoreHealth implements StoreRetry.Listener {
    private record Outage(Instant since, String what) {}

    private static final Logger log = LoggerFactory.getLogger(StoreHealth.class);

    private final AtomicReference<Outage> outage = new AtomicReference<>();
    private final Clock clock = Clock.systemUTC();

    @Override
    public void storeIsAway(SQLException e) {
        if (outage.compareAndSet(null, new Outage(clock.instant(), e.getMessage()))) {
            log.warn(
                    "The store is away ({}): {}. Waiting for it; the partitions stay ours",
                    e.getSQLState(),
                    e.getMessage());
        }
    }

    @Override
    public void storeAnswered() {
        if (outage.get() != null) {
            Outage ended = outage.getAndSet(null);
            if (ended != null) {
                log.info("The store is back; it was away since {}", ended.since());
            }
        }
    }

    /** Since when and why the store is away; empty while it answers. */
    public Optional<String> outage() {
        return Optional.ofNullable(outage.get())
                .map(away -> "store away since %s: %s".formatted(away.since(), away.what()));
    }
}
