package txlookup.azure.arm;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;

/** Waits for a role that was assigned a moment ago: it holds minutes later (docs/azure-facts.md, B). */
public final class RolesHold {
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration ASK_EVERY = Duration.ofSeconds(15);

    private final Sleeper waiting;

    /** Something that only who has the role may do. */
    @FunctionalInterface
    public interface Question {
        void ask();
    }

    public RolesHold(Sleeper waiting) {
        this.waiting = waiting;
    }

    /** @throws IOException when it does not hold within a quarter of an hour */
    public void await(String role, Question question) throws IOException, InterruptedException {
        Instant until = waiting.now().plus(LONGEST);
        while (true) {
            try {
                question.ask();
                return;
            } catch (KafkaException refused) {
                // Not both in one clause: their common ancestor differs between the two clients that the image carries.
                if (!(refused instanceof AuthenticationException) && !(refused instanceof AuthorizationException)) {
                    throw refused;
                }
                if (!waiting.now().isBefore(until)) {
                    throw given(role, refused);
                }
                waiting.pause(ASK_EVERY);
            }
        }
    }

    private static IOException given(String role, KafkaException refused) {
        return new IOException(
                "Event Hubs does not let this process in %s after its role %s was assigned: %s; see who is logged in"
                        .formatted(LONGEST, role, refused.getMessage()),
                refused);
    }
}
