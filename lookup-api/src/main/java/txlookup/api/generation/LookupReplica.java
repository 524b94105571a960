package txlookup.api.generation;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.freshness.DataAge;
import txlookup.api.freshness.Freshness;
import txlookup.api.freshness.WatermarkReader;
import txlookup.api.query.LookupQueries;
import txlookup.api.store.LookupConnections;

/**
 * A physical replica of the store as the lookups of one generation read it. How old its answers are, its own watermark
 * says, which is read from it. It is left out while that cannot be read or is further behind the store's than the
 * freshness objective, and for some seconds after a lookup failed on it.
 */
final class LookupReplica implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LookupReplica.class);

    /** How long a lookup waits for it before the store is asked. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration LEFT_OUT = Duration.ofSeconds(5);

    // The watermark is read once a second, and a read takes at most the patience.
    private static final Duration LONGEST_SILENCE = Duration.ofMillis(2_500);

    private final long generation;
    private final HikariDataSource connections;
    private final Freshness freshness;
    private final Freshness ofStore;
    private final WatermarkReader watermark;
    private final LookupQueries lookups;
    private volatile @Nullable Long failedNanos;

    LookupReplica(long generation, LookupApiSettings settings, Freshness ofStore, Clock clock) {
        this.generation = generation;
        this.connections =
                LookupConnections.forReplica(generation, settings.database(), PATIENCE, LookupQueries::prepare);
        this.freshness = new Freshness(settings.freshness(), clock);
        this.ofStore = ofStore;
        this.watermark = new WatermarkReader(connections, freshness);
        this.lookups = new LookupQueries(connections, PATIENCE);
    }

    LookupQueries lookups() {
        return lookups;
    }

    DataAge age() {
        return DataAge.of(freshness);
    }

    /** Whether a lookup may be read from it now. */
    boolean isFit() {
        Long failed = failedNanos;
        boolean leftOut = failed != null && System.nanoTime() - failed < LEFT_OUT.toNanos();
        return !leftOut && freshness.isReadWithin(LONGEST_SILENCE) && keepsUp(freshness.asOf(), ofStore.asOf());
    }

    private boolean keepsUp(Optional<Instant> here, Optional<Instant> there) {
        return here.isPresent()
                && there.filter(newest -> here.get().plus(freshness.slo()).isBefore(newest))
                        .isEmpty();
    }

    /** Called when a lookup failed on it. */
    void leaveOut(Exception failure) {
        failedNanos = System.nanoTime();
        LOG.warn(
                "The replica answers no lookups in generation {} for {}: {}", generation, LEFT_OUT, failure.toString());
    }

    boolean isClosed() {
        return connections.isClosed();
    }

    @Override
    public void close() {
        watermark.close();
        connections.close();
    }
}
