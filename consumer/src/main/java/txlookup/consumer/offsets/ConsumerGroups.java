package txlookup.consumer.offsets;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** The groups of generations on the broker. */
public final class ConsumerGroups {
    /** A consumer that was killed stays a member until its session ends. */
    private static final Duration EMPTY_WITHIN = Duration.ofSeconds(60);

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private ConsumerGroups() {}

    /**
     * Deletes a group, once it is empty. One that is not there counts as deleted; so does any where the broker has no such
     * call, since a broker forgets by itself the offsets of a group that nobody uses.
     *
     * @param admin settings of an admin client
     * @throws IllegalStateException when it has members for too long, or the broker refuses
     */
    public static void delete(Map<String, Object> admin, String group) throws InterruptedException {
        long deadline = System.nanoTime() + EMPTY_WITHIN.toNanos();
        try (Admin client = Admin.create(admin)) {
            while (true) {
                Throwable refused = refusal(client, group);
                if (refused == null) {
                    return;
                }
                if (!(refused instanceof GroupNotEmptyException) || System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            "group %s could not be deleted: %s; order it again, it continues"
                                    .formatted(group, refused.getMessage()),
                            refused);
                }
                Thread.sleep(LOOK_EVERY.toMillis());
            }
        }
    }

    private static @Nullable Throwable refusal(Admin client, String group) throws InterruptedException {
        try {
            client.deleteConsumerGroups(List.of(group)).all().get();
            return null;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            return cause instanceof GroupIdNotFoundException || cause instanceof UnsupportedVersionException
                    ? null
                    : cause;
        }
    }
}
