package txlookup.bench.measure;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/**
 * How many events a second a contender applied, from half of them on: what is before that is its warm-up.
 *
 * @param together until the first partition was done, so while all who apply had something to do
 * @param toTheEnd until the last was, with what the others waited for it
 */
public record Throughput(double together, double toTheEnd) {
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    /** Asks for the offset behind the last event applied, of each partition that has begun. */
    public interface Positions {
        Map<Integer, Long> now() throws Exception;
    }

    private record Seen(Map<Integer, Long> positions, long at) {
        long events() {
            return positions.values().stream().mapToLong(Long::longValue).sum();
        }

        double rateSince(Seen earlier) {
            return (events() - earlier.events()) * 1e9 / (at - earlier.at);
        }
    }

    public static Map<Integer, Long> committed(Admin admin, String group) throws Exception {
        return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().partition(), entry -> entry.getValue()
                        .offset()));
    }

    /** @param ends the offset behind each partition's last event; the first has offset 0 */
    public static Throughput of(String what, Map<Integer, Long> ends, Positions positions) throws Exception {
        long total = new Seen(ends, 0).events();
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        Seen half = null;
        Seen together = null;
        while (true) {
            long at = System.nanoTime();
            Seen seen = new Seen(positions.now(), at);
            if (half == null && seen.events() >= total / 2) {
                half = seen;
            }
            if (half != null
                    && ends.entrySet().stream()
                            .noneMatch(end -> end.getValue() > 0
                                    && seen.positions().entrySet().contains(end))) {
                together = seen;
            }
            if (seen.events() >= total) {
                if (together == null || together.at() == half.at()) {
                    throw new IllegalStateException("%s: a partition was done with half of all".formatted(what));
                }
                return new Throughput(together.rateSince(half), seen.rateSince(half));
            }
            if (at > deadline) {
                throw new IllegalStateException(
                        "%s: at %s of %s after %s".formatted(what, seen.positions(), ends, DEADLINE));
            }
            Thread.sleep(50);
        }
    }

    public void addTo(Metrics figures, String name) {
        figures.add(name, together);
        figures.add(name + "_to_the_end", toTheEnd);
    }
}
