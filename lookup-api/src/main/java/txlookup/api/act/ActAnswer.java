package txlookup.api.act;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import txlookup.apply.generation.Act;

/**
 * An act as it is answered (docs/contract.md, More answers).
 *
 * @param epoch which change of what serves it made; null where it made none
 * @param outcome null while it waits or is under way
 */
public record ActAnswer(
        long act,
        String kind,
        @Nullable Long generation,
        String actor,
        @Nullable String reason,
        @Nullable Long epoch,
        Instant requestedAt,
        @Nullable Instant endedAt,
        @Nullable String outcome,
        @Nullable String detail) {
    /** The answer for an act. */
    public static ActAnswer of(Act act) {
        return new ActAnswer(
                act.id(),
                act.kind().name(),
                act.target(),
                act.actor(),
                act.reason(),
                act.epochAfter(),
                act.requestedAt(),
                act.endedAt(),
                act.outcome() == null ? null : act.outcome().name(),
                act.detail());
    }
}
