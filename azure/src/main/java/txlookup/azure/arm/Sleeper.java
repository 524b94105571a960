package txlookup.azure.arm;

import java.time.Duration;
import java.time.Instant;

/** The clock, and how one waits on it. */
public interface Sleeper {
    /** The time now. */
    Instant now();

    /** Waits for that long. */
    void pause(Duration duration) throws InterruptedException;

    /** This machine's clock. */
    static Sleeper real() {
        return new Sleeper() {
            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public void pause(Duration duration) throws InterruptedException {
                Thread.sleep(duration.toMillis());
            }
        };
    }
}
