package txlookup.api.console.deadletter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored dead letter with its secrets masked.
 *
 * @param partition null where there is none
 * @param position offset in the partition, or line or row in the input
 * @param key null where the record has none, or on a list; so are value and headers
 */
record MaskedDeadLetter(
        long id,
        long generation,
        String source,
        @Nullable Integer partition,
        long position,
        Instant recordTime,
        String reason,
        String detail,
        String state,
        int attempts,
        Instant failedAt,
        @Nullable Instant settledAt,
        @Nullable String settledBy,
        @Nullable String note,
        @Nullable Long runId,
        @Nullable String key,
        @Nullable String value,
        @Nullable String headers) {

    MaskedDeadLetter withoutPayload(String mask) {
        return new MaskedDeadLetter(
                id,
                generation,
                source,
                partition,
                position,
                recordTime,
                reason,
                detail,
                state,
                attempts,
                failedAt,
                settledAt,
                settledBy,
                note,
                runId,
                key,
                value == null ? null : mask,
                headers == null ? null : mask);
    }

    /** REPLAYING is left of replays of an earlier version. */
    public boolean isOpen() {
        return state.equals("OPEN") || state.equals("REPLAYING");
    }
}
