package txlookup.azure.recreate;

import java.time.Duration;
import java.time.Instant;
import txlookup.azure.arm.Sleeper;

/** A clock on which waiting takes no time of ours. */
public final class Clockwork implements Sleeper {
    private Instant now = Instant.parse("2026-11-21T09:00:00Z");

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public void pause(Duration duration) {
        now = now.plus(duration);
    }
}
