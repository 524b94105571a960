package txlookup.azure.kept;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.recreate.WithinJob;

/** Shows from outside what a run within an environment says, until it ends. */
public final class RunFollower {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(3);
    private static final Duration QUIET_START = Duration.ofMinutes(1);

    private final WithinJob job;
    private final RunLog log;
    private final String execution;
    private final Sleeper waiting;
    private int shown;

    public RunFollower(WithinJob job, RunLog log, String execution, Sleeper waiting) {
        this.job = job;
        this.log = log;
        this.execution = execution;
        this.waiting = waiting;
    }

    /**
     * Waits for the end.
     *
     * @param state told how Azure says that it ended
     * @return its exit code; empty where it ended without saying it
     */
    public OptionalInt toTheEnd(Consumer<String> line, Consumer<String> state)
            throws IOException, InterruptedException {
        Instant quietSince = waiting.now();
        boolean told = false;
        while (true) {
            Optional<String> ended = job.ended(execution);
            show(line);
            OptionalInt code = log.exitCode();
            if (code.isPresent() || ended.isPresent()) {
                show(line);
                ended.ifPresent(state);
                return log.exitCode();
            }
            if (!told && shown == 0 && waiting.now().isAfter(quietSince.plus(QUIET_START))) {
                line.accept("it has not said anything yet; its image may still be loaded");
                told = true;
            }
            waiting.pause(LOOK_EVERY);
        }
    }

    private void show(Consumer<String> line) throws IOException {
        String all = log.told();
        if (all.length() > shown) {
            all.substring(shown).lines().forEach(line);
            shown = all.length();
        }
    }
}
