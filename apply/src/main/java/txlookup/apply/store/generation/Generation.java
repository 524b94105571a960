package txlookup.apply.store.generation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One rebuild as the registry knows it.
 *
 * @param number {@code T_cutover} as {@code yyyyMMddHHmmss}, UTC (docs/architecture.md, invariant 7)
 * @param consumerGroup the Kafka group of this generation alone
 * @param eventProfile the event profile whose topics it reads
 * @param cutover {@code T_cutover}: the backfill covers what is before it, the stream what is after it
 * @param state where the rebuild is, and whether it serves
 * @param detail why it is there, for people; null where the state says it all
 */
public record Generation(
        long number,
        String env,
        String owner,
        String consumerGroup,
        String eventProfile,
        Instant cutover,
        State state,
        @Nullable String detail) {
    /** The life of a generation (docs/architecture.md, A generation's life). */
    public enum State {
        PLANNED,
        MIGRATED,
        ANCHORED,
        BACKFILLING,
        CATCHING_UP,
        READY,
        /** READY, and it is what serves: shown, never stored. */
        ACTIVE,
        /** READY, and it is the way back: shown, never stored. */
        DRAINING,
        RETIRING,
        RETIRED,
        FAILED;

        /** Whether consumers may apply events to a generation in this state. */
        public boolean isConsumable() {
            return this == CATCHING_UP || this == READY || this == ACTIVE || this == DRAINING;
        }

        /** States move on in order, or to FAILED; a failed one only ends. Repeating a state is a resumed step. */
        boolean mayBecome(State next) {
            if (next == ACTIVE || next == DRAINING) {
                return false;
            }
            if (this == FAILED) {
                return next == FAILED || next == RETIRING;
            }
            return next == FAILED ? this != RETIRING && this != RETIRED : next.compareTo(this) >= 0;
        }
    }
}
