package txlookup.apply.store.deadletter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant; what is not given does not narrow.
 *
 * @param ids their numbers; empty for all
 * @param reason the rule that refused them, such as {@code parse_error}
 * @param source the topic, file or table that delivered them
 */
public record DeadLetterSelection(
        List<Long> ids, @Nullable String reason, @Nullable String source) {
    public DeadLetterSelection {
        ids = List.copyOf(ids);
    }

    public static DeadLetterSelection all() {
        return new DeadLetterSelection(List.of(), null, null);
    }
}
