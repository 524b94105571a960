package txlookup.rebuild.steps;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.generation.PartitionAnchor;
import txlookup.apply.store.position.StoreStats;
import txlookup.consumer.cutover.CutoverOffsets;
import txlookup.consumer.poll.KafkaClients;
import txlookup.profiles.Profile;

/** Where a generation's stream begins: pinned before anything is loaded, and checked again by each later start. */
final class StreamStart {
    private static final Logger log = LoggerFactory.getLogger(StreamStart.class);

    private final Profile profile;
    private final DataSource store;
    private final GenerationRegistry registry;
    private final Clock clock;

    StreamStart(Profile profile, DataSource store, GenerationRegistry registry, Clock clock) {
        this.profile = profile;
        this.store = store;
        this.registry = registry;
        this.clock = clock;
    }

    /** @see Loading#streamBegins */
    Instant at(Instant cutover, Optional<Instant> asOf) {
        Instant now = clock.instant();
        asOf.filter(readAt -> readAt.isAfter(now)).ifPresent(readAt -> {
            throw new IllegalArgumentException(
                    "the files were read at %s, as backfill.asOf or extract.json says, and it is %s now; give the instant before their reading began"
                            .formatted(readAt, now));
        });
        return asOf.map(readAt -> readAt.minus(profile.cutover().overlap())).orElse(cutover);
    }

    /** @see Loading#anchor */
    int pin(long number, Instant cutover, Optional<Instant> asOf, Map<String, Object> broker) throws SQLException {
        List<String> topics = List.of(profile.ledgerTopic(), profile.paymentOrderTopic());
        Instant begins = at(cutover, asOf);
        KafkaClients.requireHandshake(broker);
        try (CutoverOffsets offsets = new CutoverOffsets(broker)) {
            offsets.requireReplayable(topics);
            // Only once: a resumed run may no longer find what the pinned positions do not need.
            if (state(number).compareTo(State.ANCHORED) < 0) {
                if (asOf.isPresent()) {
                    registry.anchor(number, offsets.since(topics, begins), begins, asOf.get());
                } else {
                    registry.anchor(number, offsets.atEnd(topics), clock.instant());
                }
            }
            if (asOf.isPresent()) {
                requireFollowed(number, asOf.get());
            }
            List<PartitionAnchor> next = new StoreStats(store)
                    .stream().stream()
                            .map(at -> new PartitionAnchor(at.topic(), at.partition(), null, at.nextOffset()))
                            .toList();
            offsets.requireHeld(next);
            if (asOf.isEmpty() && state(number) == State.ANCHORED) {
                settle();
            }
            return next.size();
        }
    }

    /** The stream follows what was read at the pinned instant; between an older file and it there would be a gap. */
    void requireFollowed(long number, Instant readAt) throws SQLException {
        Optional<Instant> pinned = registry.asOf(number);
        if (pinned.isEmpty() || readAt.isBefore(pinned.get())) {
            throw new IllegalArgumentException(
                    "generation %d is pinned for %s, and the files were read at %s; what was published in between would be lost. Begin a new generation"
                            .formatted(
                                    number,
                                    pinned.map(instant -> "files that were read at " + instant)
                                            .orElse("a source that the run reads itself"),
                                    readAt));
        }
    }

    /**
     * What was published before the anchor must be visible in the source before it is read (docs/architecture.md, The
     * cutover, C1).
     */
    private void settle() {
        Duration settling = profile.cutover().settling();
        if (settling.isZero()) {
            return;
        }
        log.info("Waiting {} (cutover.settling) before the source is read", settling);
        try {
            Thread.sleep(settling.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the source settled; run it again", e);
        }
    }

    private State state(long number) throws SQLException {
        return registry.find(number).map(Generation::state).orElseThrow();
    }
}
