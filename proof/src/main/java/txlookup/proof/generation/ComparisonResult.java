package txlookup.proof.generation;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;
import txlookup.proof.generation.GenerationDifference.Kind;

/**
 * What a comparison of two generations found.
 *
 * @param against what the candidate was compared with
 * @param rows keys of either that were compared
 * @param differences those that stayed when both had applied the same
 * @param unsettled keys that still changed, or whose consumers did not come level
 * @param rounds how often keys that differed were read again
 * @param isWhole whether all keys were compared; not so where too many differed
 * @param notLevel why the keys could not be judged, with positions; null when they were
 * @param sourceNotRead why the candidate's source could not be asked for what the candidate lacks, so that all of it counts
 *     as missing; null when it was asked, or need not be
 */
public record ComparisonResult(
        long candidate,
        long against,
        Instant startedAt,
        Instant endedAt,
        long rows,
        List<GenerationDifference> differences,
        List<Unsettled> unsettled,
        int rounds,
        boolean isWhole,
        @Nullable String notLevel,
        @Nullable String sourceNotRead) {
    public ComparisonResult {
        differences = List.copyOf(differences);
        unsettled = List.copyOf(unsettled);
    }

    /** A key that could not be judged. */
    public record Unsettled(Entity entity, String key) {}

    /** How many are of that kind. */
    public long count(Kind kind) {
        return differences.stream().filter(one -> one.kind() == kind).count();
    }

    /** How many differences say that one of the two is wrong. */
    public long wrong() {
        return differences.stream().filter(one -> one.kind().isWrong()).count();
    }

    /** Whether everything was compared, both sides level. */
    public boolean isJudged() {
        return isWhole && notLevel == null;
    }

    /** Whether the candidate may answer instead of the other. */
    public boolean passed() {
        return isJudged() && wrong() == 0;
    }
}
