package txlookup.local.process;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The moment after which waiting is given up, on the monotonic clock, so that setting the wall clock changes nothing. */
public record Deadline(long atNanos, Duration given) {
    private static final long POLL_MILLIS = 10;

    public static Deadline after(Duration given) {
        return new Deadline(System.nanoTime() + given.toNanos(), given);
    }

    public boolean passed() {
        return System.nanoTime() - atNanos >= 0;
    }

    public Duration left() {
        return Duration.ofNanos(Math.max(0, atNanos - System.nanoTime()));
    }

    /** Waits until the condition holds; false when the deadline came first. */
    public boolean await(BooleanSupplier condition) {
        return awaitValue(() -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty())
                .isPresent();
    }

    /** Waits until there is a value; empty when the deadline came first. */
    <T> Optional<T> awaitValue(Supplier<Optional<T>> source) {
        while (true) {
            Optional<T> value = source.get();
            if (value.isPresent() || passed()) {
                return value;
            }
            pause();
        }
    }

    public static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalEnvironmentException("interrupted while waiting for a local process", e);
        }
    }
}
