package txlookup.profiles.settings;

import java.time.Duration;
import java.util.Objects;

/**
 * The bounds of the acts that change which generation serves.
 *
 * @param compareAge how old a comparison of the two generations may be when one is switched to the other; default 1 h
 * @param rollbackWindow how long the way back is kept after a switch; default 1 h, 24 h in the secure stage's profile
 * @param watch how long after a switch its numbers can take it back; default 60 s
 * @param candidateTimeout how long a lookup waits for a generation on trial before what serves answers it; default 200 ms
 */
public record ServingSettings(Duration compareAge, Duration rollbackWindow, Duration watch, Duration candidateTimeout) {

    public ServingSettings {
        Objects.requireNonNull(compareAge, "compareAge");
        Objects.requireNonNull(rollbackWindow, "rollbackWindow");
        Objects.requireNonNull(watch, "watch");
        Objects.requireNonNull(candidateTimeout, "candidateTimeout");
    }
}
