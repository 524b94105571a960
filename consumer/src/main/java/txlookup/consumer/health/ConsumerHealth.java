package txlookup.consumer.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.consumer.telemetry.StoreHealth;
import txlookup.consumer.worker.AssignedPartition;
import txlookup.consumer.worker.StoppedPartition;
import txlookup.consumer.worker.StoreTurns;

/** What probes ask: whether the polling thread lives, whether all partitions are applied, and what is worth a look. */
public final class ConsumerHealth implements Probes {
    /** A round takes a poll's 50 ms, and at most half a minute while partitions are given back. */
    private static final Duration LONGEST_ROUND = Duration.ofMinutes(2);

    private static final Logger log = LoggerFactory.getLogger(ConsumerHealth.class);

    private final Map<TopicPartition, AssignedPartition> partitions;
    private final StoreHealth availability;
    private final StoreTurns turns;
    private final Duration longestRound;
    private volatile long lastRound = System.nanoTime();
    private volatile boolean ended;
    private volatile boolean assigned;
    private boolean warned;

    public ConsumerHealth(
            Map<TopicPartition, AssignedPartition> partitions, StoreHealth availability, StoreTurns turns) {
        this(partitions, availability, turns, LONGEST_ROUND);
    }

    ConsumerHealth(
            Map<TopicPartition, AssignedPartition> partitions,
            StoreHealth availability,
            StoreTurns turns,
            Duration longestRound) {
        this.partitions = partitions;
        this.availability = availability;
        this.turns = turns;
        this.longestRound = longestRound;
    }

    public void roundMade() {
        lastRound = System.nanoTime();
    }

    public void ended() {
        ended = true;
    }

    public void assigned() {
        assigned = true;
        if (!warned && poolIsSmall()) {
            warned = true;
            log.warn("{}", smallPool());
        }
    }

    @Override
    public Optional<String> dead() {
        if (ended) {
            return Optional.of("the polling thread has ended");
        }
        Duration silent = Duration.ofNanos(System.nanoTime() - lastRound);
        return silent.compareTo(longestRound) < 0
                ? Optional.empty()
                : Optional.of("the polling thread made no round for %d s".formatted(silent.toSeconds()));
    }

    @Override
    public List<String> notReady() {
        List<String> reasons = new ArrayList<>();
        dead().ifPresent(reasons::add);
        availability.outage().ifPresent(reasons::add);
        if (!assigned) {
            reasons.add("no partitions assigned yet");
        }
        partitions.forEach((partition, one) -> {
            StoppedPartition.Why why = one.stopped();
            if (why != null) {
                reasons.add("%s: %s".formatted(partition, why));
            } else if (one.standing() != AssignedPartition.Standing.WORKING) {
                reasons.add("%s: %s".formatted(partition, one.standing()));
            }
        });
        return reasons;
    }

    @Override
    public List<String> notes() {
        return poolIsSmall() ? List.of(smallPool()) : List.of();
    }

    private boolean poolIsSmall() {
        return partitions.size() > turns.connections();
    }

    private String smallPool() {
        return "%d partitions are assigned and database.poolSize is %d: %d batches are applied at once, the others wait for their turn. Raise database.poolSize, or start more consumers"
                .formatted(partitions.size(), turns.connections(), turns.atOnce());
    }
}
