package txlookup.azure.destroy;

import java.time.Duration;
import java.time.Instant;
import txlookup.azure.arm.Waiting;

/** A clock on which waiting takes no time of ours. */
final class SimulatedWaiting implements Waiting {
    private Instant now;

    SimulatedWaiting(Instant now) {
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
