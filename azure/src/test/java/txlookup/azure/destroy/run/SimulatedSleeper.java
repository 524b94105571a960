package txlookup.azure.destroy.run;

import java.time.Duration;
import java.time.Instant;
import txlookup.azure.arm.Sleeper;

/** A clock on which waiting takes no time of ours. */
public final class SimulatedSleeper implements Sleeper {
    private Instant now;

    public SimulatedSleeper(Instant now) {
        this.now = now;
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public void pause(Duration duration) {
        now = now.plus(duration);
    }
}
