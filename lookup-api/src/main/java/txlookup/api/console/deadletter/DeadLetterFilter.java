package txlookup.api.console.deadletter;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
