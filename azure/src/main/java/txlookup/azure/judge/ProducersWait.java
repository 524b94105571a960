package txlookup.azure.judge;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import txlookup.azure.arm.Sleeper;

/**
 * Before a secured environment is judged its own producers have to publish to it. Its namespace is new and nobody knows it
 * yet, so it is told where to publish, and waited for.
 */
final class ProducersWait {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private final Supplier<Map<String, Long>> ends;
    private final Sleeper waiting;
    private final Duration longest;
    private final Consumer<String> tell;

    /** @param ends where the log of each topic ends */
    ProducersWait(Supplier<Map<String, Long>> ends, Sleeper waiting, Duration longest, Consumer<String> tell) {
        this.ends = ends;
        this.waiting = waiting;
        this.longest = longest;
        this.tell = tell;
    }

    /** @throws IOException when a topic gets no event in time */
    void await(Object bootstrapServers) throws IOException, InterruptedException {
        Map<String, Long> before = new TreeMap<>(ends.get());
        tell.accept(
                "waiting up to %s for the producers: publish to %s, topics %s, with the role Azure Event Hubs Data Sender"
                        .formatted(longest, bootstrapServers, String.join(" and ", before.keySet())));
        Instant until = waiting.now().plus(longest);
        while (true) {
            Map<String, Long> now = ends.get();
            String silent = before.keySet().stream()
                    .filter(topic -> now.getOrDefault(topic, 0L) <= before.get(topic))
                    .collect(Collectors.joining(", "));
            if (silent.isEmpty()) {
                return;
            }
            if (!waiting.now().isBefore(until)) {
                throw new IOException(
                        "no event came to %s within %s; connect the producers, then begin a new rebuild, or give a longer --await-producers"
                                .formatted(silent, longest));
            }
            waiting.pause(LOOK_EVERY);
        }
    }
}
