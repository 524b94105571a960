package txlookup.consumer.offsets;

import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import txlookup.apply.store.position.Lease;

/**
 * What a log holds, and of which topic it is.
 *
 * @param topicId empty where the broker gives none
 */
public record OffsetRangeCheck(long begin, LogEnd end, Optional<String> topicId) {
    OffsetRangeCheck(long begin, LogEnd end) {
        this(begin, end, Optional.empty());
    }

    OffsetRangeCheck of(Optional<String> topic) {
        return new OffsetRangeCheck(begin, end, topic);
    }

    /** Why this is not the log that the claim was reading; empty when it is. */
    public Optional<GapException> otherLog(TopicPartition partition, Lease claim) {
        long wanted = claim.nextPosition();
        if (claim.topicId() != null && topicId.isPresent() && !topicId.get().equals(claim.topicId())) {
            return Optional.of(madeAgain(claim, topicId.get()));
        }
        return wanted <= end.offset()
                ? Optional.empty()
                : Optional.of(new GapException(
                        "%s: offset %d is wanted and the log ends at %d, so it is not the log that was read before; a rebuild is due"
                                .formatted(partition, wanted, end.offset())));
    }

    static GapException madeAgain(Lease claim, String idNow) {
        return new GapException(
                "%s: the topic was deleted and made again (id %s at the anchor, %s now), offset %d was the next; a rebuild is due"
                        .formatted(claim.source(), claim.topicId(), idNow, claim.nextPosition()));
    }

    static GapException wentBack(Lease claim, LogWatch.WentBack ends) {
        return new GapException(
                "%s: the log ended at %d and now ends at %d, so it was cut, or deleted and made again; offset %d was the next; a rebuild is due"
                        .formatted(claim.source(), ends.from(), ends.to(), claim.nextPosition()));
    }

    /** @param first when the first record that is left was published; null where none is left or nobody could tell */
    public static GapException lost(TopicPartition partition, long wanted, long begin, @Nullable Instant first) {
        return new GapException(
                "%s: offset %d is wanted and the log begins at %d%s: %d records are gone; a rebuild is due"
                        .formatted(
                                partition,
                                wanted,
                                begin,
                                first == null ? ", where nothing is left" : " of " + first,
                                begin - wanted));
    }

    public static GapException cut(TopicPartition partition, long wanted, @Nullable Long divergesAt) {
        return new GapException(
                "%s: offset %d is wanted, but the log was cut%s and continued under another leader (unclean election). It no longer holds the records that were read; a rebuild is due"
                        .formatted(partition, wanted, divergesAt == null ? "" : " at " + divergesAt));
    }
}
