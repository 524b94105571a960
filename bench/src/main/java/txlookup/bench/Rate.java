package txlookup.bench;

import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * Events a second, from outside: from when half of them are done until all are. Each contender is a new process, and what
 * is compared is how fast they apply, not how fast a compiler warms up.
 */
final class Rate {
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    private Rate() {}

    /** How many records a group has committed. */
    static long committed(Admin admin, String group) throws Exception {
        return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().values().stream()
                .mapToLong(OffsetAndMetadata::offset)
                .sum();
    }

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
            if (first == 0 && count >= total / 2) {
                first = count;
                firstAt = now;
            }
            if (now > deadline) {
                throw new IllegalStateException("%s: %d of %d after %s".formatted(what, count, total, DEADLINE));
            }
            Thread.sleep(50);
        }
    }
}
