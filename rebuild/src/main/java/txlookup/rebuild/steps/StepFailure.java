package txlookup.rebuild.steps;

import org.jspecify.annotations.Nullable;
import txlookup.rebuild.platform.FailureCause;

/** A step or gate did not hold. The rebuild ends as NO_GO; the next attempt is a new generation. */
public final class StepFailure extends RuntimeException {
    private final FailureCause cause;
    private final String unblock;

    /**
     * Says what did not hold.
     *
     * @param message what was wrong and what was seen
     * @param unblock what to do before the next attempt
     */
    public StepFailure(FailureCause cause, String message, String unblock, @Nullable Throwable because) {
        super(message, because);
        this.cause = cause;
        this.unblock = unblock;
    }

    public FailureCause failureCause() {
        return cause;
    }

    public String unblock() {
        return unblock;
    }

    /** What failed because the process is to stop is no verdict about the environment. */
    public static void stopIfInterrupted(Exception e) throws InterruptedException {
        if (Thread.interrupted()) {
            InterruptedException stop = new InterruptedException(e.getMessage());
            stop.initCause(e);
            throw stop;
        }
    }
}
