package txlookup.proof.compare;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which rows are judged, by the time at which the source last changed them. What is newer than the window may still be on
 * its way to one of the sides.
 *
 * @param from earlier rows are not judged; null: from the beginning
 * @param through later rows are not judged
 */
public record Window(@Nullable Instant from, Instant through) {
    public Window {
        if (from != null && from.isAfter(through)) {
            throw new IllegalArgumentException(
                    "The window would begin at %s, after its end at %s: what is applied is not settled that far; give an earlier begin or a shorter settle duration"
                            .formatted(from, through));
        }
    }

    /**
     * The window that is settled on both sides (docs/architecture.md, Differences).
     *
     * @param appliedUntil how far the stream is applied, in the source's time
     * @param readUntil how far the other side can speak
     * @param settle how long a change may take from the source to the store
     */
    public static Window settled(@Nullable Instant from, Instant appliedUntil, Instant readUntil, Duration settle) {
        Instant earlier = appliedUntil.isBefore(readUntil) ? appliedUntil : readUntil;
        return new Window(from, earlier.minus(settle).truncatedTo(ChronoUnit.MICROS));
    }

    boolean covers(Instant orderTime) {
        return (from == null || !orderTime.isBefore(from)) && !orderTime.isAfter(through);
    }

    boolean covers(long orderMicros) {
        return (from == null || orderMicros >= micros(from)) && orderMicros <= micros(through);
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
    }
}
