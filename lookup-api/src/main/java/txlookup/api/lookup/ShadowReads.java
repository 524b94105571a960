package txlookup.api.lookup;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.stereotype.Component;
import txlookup.api.audit.Subject;
import txlookup.api.generation.GenerationHandle;
import txlookup.api.generation.GenerationStore;
import txlookup.api.generation.Generations;
import txlookup.api.generation.ServingReader;
import txlookup.api.generation.SharedLookups;
import txlookup.api.generation.SideMeters;
import txlookup.api.store.OwnThreads;
import txlookup.api.web.Json;

/**
 * Reads a lookup that was answered once more from what serves and from the generation that may follow it, and compares the
 * contract's fields. At most two at once; while both are busy, others are left out. Nobody waits for them, and they leave
 * no audit row: nothing of them is shown.
 *
 * <p>Two consumers apply the same record at different moments. So a difference counts only if it is still there, and the
 * same, after both have applied up to the greater position of each partition.
 */
@Component
final class ShadowReads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShadowReads.class);
    private static final int AT_ONCE = 2;
    private static final int MOST_ROUNDS = 5;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final Duration BETWEEN_WARNINGS = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private static final String POSITIONS = "SELECT name, partition, next_position FROM coverage WHERE kind = 'STREAM'";

    private final AtomicLong warnedNanos = new AtomicLong(System.nanoTime() - BETWEEN_WARNINGS.toNanos() - 1);
    private final Generations generations;
    private final SideMeters meters;
    private final ThreadPoolExecutor readers = new ThreadPoolExecutor(
            0,
            AT_ONCE,
            1,
            TimeUnit.MINUTES,
            new SynchronousQueue<>(),
            OwnThreads.named("shadow-read"),
            new ThreadPoolExecutor.DiscardPolicy());

    ShadowReads(Generations generations, SideMeters meters) {
        this.generations = generations;
        this.meters = meters;
    }

    private record Partition(String topic, int number) {}

    private record Answers(String serving, String other) {
        boolean areEqual() {
            return serving.equals(other);
        }
    }

    /** Returns at once. */
    void offer(ServingReader.Known known, Subject subject, String id, SharedLookups.Question<LookupResult> question) {
        if (known.row().compared() != null) {
            readers.execute(() -> compare(known, subject, id, question));
        }
    }

    private void compare(
            ServingReader.Known known, Subject subject, String id, SharedLookups.Question<LookupResult> question) {
        Optional<GenerationHandle> serving = generations.serving(known);
        if (serving.isEmpty()) {
            return;
        }
        try (GenerationHandle left = serving.get()) {
            Optional<GenerationHandle> other = generations.compared(known);
            if (other.isEmpty()) {
                return;
            }
            try (GenerationHandle right = other.get()) {
                boolean differs = differs(left.store(), right.store(), question);
                known.counters().shadowRead(differs);
                meters.shadowRead(differs);
                if (differs) {
                    LOG.atLevel(isTimeToWarn() ? Level.WARN : Level.DEBUG)
                            .log(
                                    "Generation {} answers {} {} otherwise than {}, which serves; both have applied the same",
                                    right.generation(),
                                    subject.resourceType(),
                                    id,
                                    left.generation());
                }
            }
        } catch (SQLException | RuntimeException e) {
            // What a candidate fails with is counted where it is asked for an answer.
            LOG.debug("A shadow read failed: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One in ten seconds tells enough: a candidate that is wrong is wrong in many. */
    private boolean isTimeToWarn() {
        long now = System.nanoTime();
        long last = warnedNanos.get();
        return now - last > BETWEEN_WARNINGS.toNanos() && warnedNanos.compareAndSet(last, now);
    }

    private static boolean differs(
            GenerationStore serving, GenerationStore other, SharedLookups.Question<LookupResult> question)
            throws SQLException, InterruptedException {
        Answers before = read(serving, other, question);
        for (int round = 0; round < MOST_ROUNDS && !before.areEqual(); round++) {
            if (!bothReach(serving, other)) {
                return false;
            }
            Answers now = read(serving, other, question);
            if (now.equals(before)) {
                return true;
            }
            before = now;
        }
        return false; // equal, or it still moves
    }

    private static Answers read(
            GenerationStore serving, GenerationStore other, SharedLookups.Question<LookupResult> question)
            throws SQLException {
        return new Answers(comparable(question.of(serving.lookups())), comparable(question.of(other.lookups())));
    }

    private static String comparable(LookupResult finding) {
        return finding instanceof LookupResult.Found found
                ? Json.textWithout("data_lag_sec", found.body()) // it says when it was applied, not what
                : finding.toString();
    }

    /** Waits until both have applied what one of them had when this was called. */
    private static boolean bothReach(GenerationStore serving, GenerationStore other)
            throws SQLException, InterruptedException {
        Map<Partition, Long> wanted = positions(serving);
        positions(other).forEach((partition, position) -> wanted.merge(partition, position, Math::max));
        long until = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (!reached(wanted, positions(serving)) || !reached(wanted, positions(other))) {
            if (System.nanoTime() - until > 0) {
                return false;
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
        return true;
    }

    private static boolean reached(Map<Partition, Long> wanted, Map<Partition, Long> seen) {
        return wanted.entrySet().stream().allMatch(one -> seen.getOrDefault(one.getKey(), 0L) >= one.getValue());
    }

    private static Map<Partition, Long> positions(GenerationStore store) throws SQLException {
        try (Connection connection = store.connections().getConnection();
                PreparedStatement statement = connection.prepareStatement(POSITIONS);
                ResultSet row = statement.executeQuery()) {
            Map<Partition, Long> positions = new HashMap<>();
            while (row.next()) {
                positions.put(new Partition(row.getString(1), row.getInt(2)), row.getLong(3));
            }
            return positions;
        }
    }

    @Override
    public void close() {
        readers.shutdownNow();
    }
}
