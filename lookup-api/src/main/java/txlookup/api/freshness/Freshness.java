package txlookup.api.freshness;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Up to when the store holds everything, as it was last read ({@link WatermarkReader}): asking costs a request nothing. What
 * is not known is absent.
 */
public final class Freshness {
    private final Duration slo;
    private final Clock clock;
    private volatile Optional<Watermark> watermark = Optional.empty();
    private volatile @Nullable Long readNanos;

    /**
     * @param known whether every partition's reader says when it has nothing to read, or has just applied something: only
     *     then an old watermark means that data is late, and not that nothing happened
     */
    public record Watermark(Instant asOf, boolean known) {}

    /** @param slo data older than this is stale */
    public Freshness(Duration slo, Clock clock) {
        this.slo = slo;
        this.clock = clock;
    }

    public Duration slo() {
        return slo;
    }

    /** Everything published up to then can be looked up. */
    public Optional<Instant> asOf() {
        return watermark.map(Watermark::asOf);
    }

    /** Whether the data is known to be behind by more than the SLO. */
    public boolean isStale() {
        return watermark
                .filter(seen -> seen.known() && seen.asOf().plus(slo).isBefore(clock.instant()))
                .isPresent();
    }

    /** Whether it was read within the last time that long. */
    public boolean isReadWithin(Duration time) {
        Long last = readNanos;
        return last != null && System.nanoTime() - last < time.toNanos();
    }

    void seen(Optional<Watermark> newest) {
        watermark = newest;
        readNanos = System.nanoTime();
    }
}
