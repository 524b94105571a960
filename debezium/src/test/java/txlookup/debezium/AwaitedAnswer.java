package txlookup.debezium;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what happens soon, but not at once. */
final class AwaitedAnswer {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private AwaitedAnswer() {}

    static void holds(String what, Callable<Boolean> condition) throws Exception {
        holds(() -> what, condition);
    }

    /** @throws AssertionError when the condition does not hold within a minute */
    static void holds(Callable<String> what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + DEADLINE + ": " + what.call());
            }
            Thread.sleep(20);
        }
    }
}
