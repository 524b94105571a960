package txlookup.backfill.pipeline;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.sql.StoreRetry;
import txlookup.backfill.source.Input;

/** Why an input stands still: told in the log once each way, and on each line of progress. */
public final class LoadWaits implements StoreRetry.Listener {
    /** What is under way when people pause the load ends all the same, and is no sign that they let it go on. */
    private record Wait(Instant since, boolean forPeople) {}

    private static final Logger log = LoggerFactory.getLogger(LoadWaits.class);

    private final Input input;
    private final BackfillProgress progress;
    private final Clock clock = Clock.systemUTC();
    private final AtomicReference<@Nullable Wait> current = new AtomicReference<>();

    public LoadWaits(Input input, BackfillProgress progress) {
        this.input = input;
        this.progress = progress;
    }

    @Override
    public void storeIsAway(SQLException e) {
        waits(e instanceof SourceAway ? e.getMessage() : "the store is away " + reason(e), false);
    }

    /** What the database or its driver said; a pool says only that it has no connection. */
    static String reason(SQLException e) {
        SQLException said = e;
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException deeper) {
                said = deeper;
            }
        }
        return "(%s): %s".formatted(said.getSQLState(), said.getMessage());
    }

    void isPaused(String by) {
        waits("paused by %s; resume it with txlookup backfill --resume".formatted(by), true);
    }

    private void waits(String reason, boolean forPeople) {
        if (current.compareAndSet(null, new Wait(clock.instant(), forPeople))) {
            log.warn("Loading {} waits, and resumes at its checkpoint by itself: {}", input.name(), reason);
        }
        progress.waits(input, reason);
    }

    /** A chunk is committed, or nothing is left to do. */
    @Override
    public void storeAnswered() {
        resumes(false);
    }

    void isNotPaused() {
        resumes(true);
    }

    private void resumes(boolean forPeople) {
        Wait wait = current.get();
        if (wait != null && wait.forPeople() == forPeople && current.compareAndSet(wait, null)) {
            log.info("Loading {} resumes; it waited since {}", input.name(), wait.since());
            progress.resumes(input);
        }
    }
}
