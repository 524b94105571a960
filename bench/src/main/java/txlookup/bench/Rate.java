package txlookup.bench;

import java.time.Duration;

/** Events a second, from outside: from when the first are seen to be done until all are. */
final class Rate {
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    private Rate() {}

    /** How many are done. */
    interface Done {
        long count() throws Exception;
    }

    static double of(String what, long total, Done done) throws Exception {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        long first = 0;
        long firstAt = 0;
        while (true) {
            long now = System.nanoTime();
            long count = done.count();
            if (count >= total) {
                return (total - first) * 1e9 / (now - firstAt);
            }
            if (first == 0 && count > 0) {
                first = count;
                firstAt = now;
            }
            if (now > deadline) {
                throw new IllegalStateException("%s: %d of %d after %s".formatted(what, count, total, DEADLINE));
            }
            Thread.sleep(20);
        }
    }
}
