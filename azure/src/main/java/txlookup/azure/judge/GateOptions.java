package txlookup.azure.judge;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import txlookup.gate.model.SloFile;

/**
 * How an environment that was made is judged (docs/policy.md, Gates 2).
 *
 * @param lookupToken a bearer token of the API's audience, asked for at each lookup; empty where the API takes none
 * @param objectives what is to be reached
 * @param duration how long it is observed, after the warm-up
 * @param interval from one look to the next
 * @param warmUp how long lookups are made before they count
 * @param lookupsPerSecond of all routes together; below what the API allows one caller
 * @param payments synthetic ones that are published meanwhile, in stage cloud-test alone; elsewhere the events have to come
 *     from the producers, and too few of them are a NO_GO
 * @param producers how long the producers of a secured environment are waited for
 * @param progress told how much is left
 * @param tell told what somebody has to do meanwhile
 */
public record GateOptions(
        Supplier<Optional<String>> lookupToken,
        SloFile objectives,
        Duration duration,
        Duration interval,
        Duration warmUp,
        double lookupsPerSecond,
        long payments,
        Duration producers,
        Consumer<Duration> progress,
        Consumer<String> tell) {
    /** Refuses what cannot be observed. */
    public GateOptions {
        Objects.requireNonNull(lookupToken, "lookupToken");
        Objects.requireNonNull(objectives, "objectives");
        Objects.requireNonNull(progress, "progress");
        if (duration.isNegative() || interval.isNegative() || interval.isZero() || !(lookupsPerSecond > 0)) {
            throw new IllegalArgumentException(
                    "the gate needs an interval and a rate above 0 and a duration not below, got %s, %s and %s"
                            .formatted(interval, lookupsPerSecond, duration));
        }
        if (payments < 0) {
            throw new IllegalArgumentException(
                    "the gate cannot publish %d payments; give 0 or more".formatted(payments));
        }
    }
}
