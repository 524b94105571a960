package txlookup.proof;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;
import txlookup.proof.compare.Difference;
import txlookup.proof.compare.Difference.Kind;
import txlookup.proof.compare.Findings;
import txlookup.proof.compare.TableReport;
import txlookup.proof.compare.Window;

/**
 * The answer of one pass: the same for the same data, however it is written.
 *
 * @param against what the store was compared with
 * @param window which rows were judged
 * @param verifiedThrough how far the generation is verified without a hole, this pass included; null: not at all
 */
public record Report(
        long generation,
        String against,
        Window window,
        Findings findings,
        @Nullable Instant verifiedThrough) {
    /** What a passing report says, and no more than that. */
    public static final String NO_DIFFERENCE = "no difference found: checksums of all settled rows are equal";

    /** The same report once the pass is remembered. */
    public Report withVerifiedThrough(@Nullable Instant through) {
        return new Report(generation, against, window, findings, through);
    }

    /** Whether nothing is wrong, or nothing is any more. */
    public boolean passed() {
        return findings.tables().stream().allMatch(TableReport::isSearchedWhole)
                && findings.differences().stream().noneMatch(Difference::isOpen);
    }

    /** Whether nothing was wrong to begin with, so that the window counts as verified. */
    public boolean isClean() {
        return passed() && wrong() == 0;
    }

    /** Differences that are the store's fault, whatever was done about them; known quarantined rows are none. */
    public long wrong() {
        return findings.differences().stream()
                .filter(one -> one.kind() != Kind.AHEAD && one.outcome() != Difference.Outcome.QUARANTINED)
                .count();
    }

    /** Rows of the store that were judged. */
    public long rowsJudged() {
        return findings.tables().stream()
                .mapToLong(table -> table.storeRows() - table.storeUnsettled())
                .sum();
    }

    public List<Difference> of(Entity entity, Kind kind) {
        return findings.differences().stream()
                .filter(one -> one.entity() == entity && one.kind() == kind)
                .toList();
    }

    /** The verdict in one sentence. */
    public String verdict() {
        if (!passed()) {
            return "differences found";
        }
        return wrong() == 0 ? NO_DIFFERENCE : "differences found, and nothing left to repair";
    }
}
