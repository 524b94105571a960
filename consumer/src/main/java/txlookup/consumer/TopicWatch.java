package txlookup.consumer;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.Claim;

/**
 * Compares topics with the ones that were anchored, again and again: one that is deleted and made again so fast that the
 * assignment stays would otherwise be read on, from an offset of the old log.
 */
final class TopicWatch implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(TopicWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final TopicIds topicIds;
    private final Supplier<Stream<Claim>> claims;
    private final Thread thread = new Thread(this, "topics");
    private volatile @Nullable GapException gap;

    /** @param claims those held at the time of asking */
    TopicWatch(TopicIds topicIds, Supplier<Stream<Claim>> claims) {
        this.topicIds = topicIds;
        this.claims = claims;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        try {
            while (gap == null) {
                Thread.sleep(EVERY.toMillis());
                gap = claims.get()
                        .map(this::compare)
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElse(null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<GapException> compare(Claim claim) {
        if (claim.topicId() == null) {
            return Optional.empty();
        }
        try {
            return topicIds.of(claim.source().name())
                    .filter(id -> !id.equals(claim.topicId()))
                    .map(id -> madeAgain(claim, id));
        } catch (KafkaException e) {
            log.debug("No look at {}: {}", claim.source(), e.getMessage());
            return Optional.empty();
        }
    }

    static GapException madeAgain(Claim claim, String idNow) {
        return new GapException(
                "%s: the topic was deleted and made again (id %s at the anchor, %s now), offset %d was the next; a rebuild is due"
                        .formatted(claim.source(), claim.topicId(), idNow, claim.nextPosition()));
    }

    /** @throws GapException when a topic is not the one that was anchored */
    void require() {
        if (gap != null) {
            throw gap;
        }
    }

    void stop() {
        thread.interrupt();
    }
}
