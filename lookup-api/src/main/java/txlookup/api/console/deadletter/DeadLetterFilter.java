package txlookup.api.console.deadletter;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import txlookup.api.lookup.PersonalData;
import txlookup.api.web.ProblemException;

/**
 * Which dead letters of a generation are meant; what is not given does not narrow.
 *
 * @param ids their numbers; empty for all
 */
record DeadLetterFilter(
        List<Long> ids, @Nullable String reason, @Nullable String source) {
    DeadLetterFilter {
        ids = List.copyOf(ids);
    }

    /** @throws ProblemException 400 when none is named by its number */
    void requireChosen() {
        if (ids.isEmpty()) {
            throw ProblemException.badParameter("ids", "choose at least one dead letter");
        }
    }

    /** @throws ProblemException 400 for a patch of other than one dead letter, or one with a mask in it */
    void requireApplicable(@Nullable String patch) {
        if (patch == null) {
            return;
        }
        if (ids.size() != 1) {
            throw ProblemException.badParameter("patch", "is for one dead letter; choose one");
        }
        if (patch.contains(PersonalData.MASK)) {
            throw ProblemException.badParameter("patch", "holds ***, which stands for what is hidden; fill it in");
        }
    }

    /** As the audit names it. */
    String named(long generation) {
        if (!ids.isEmpty()) {
            return ids.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        return "generation=%d%s%s"
                .formatted(
                        generation,
                        reason == null ? "" : " reason=" + reason,
                        source == null ? "" : " source=" + source);
    }
}
