package txlookup.apply.generation;

import java.time.Duration;

/**
 * The bounds of the acts that change what serves.
 *
 * @param compareAge how old a comparison of the two generations may be when one is switched to the other
 * @param rollbackWindow how long the way back is kept after a switch
 * @param watch how long after a switch its numbers can take it back
 * @param candidateTimeout how long a lookup waits for the candidate before what serves answers it
 */
public record ServingSettings(
        Duration compareAge, Duration rollbackWindow, Duration watch, Duration candidateTimeout) {
    /** What a profile has that says nothing else. */
    public static final ServingSettings USUAL = new ServingSettings(
            Duration.ofHours(1), Duration.ofHours(1), Duration.ofSeconds(60), Duration.ofMillis(200));
}
