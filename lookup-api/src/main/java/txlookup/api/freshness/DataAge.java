package txlookup.api.freshness;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How old the data of a generation is.
 *
 * @param asOf everything published up to then can be looked up; null where it is not known
 * @param stale whether it is known to be behind by more than the objective
 */
public record DataAge(@Nullable Instant asOf, boolean stale) {
    public static final DataAge UNKNOWN = new DataAge(null, false);

    public static DataAge of(Freshness freshness) {
        return new DataAge(freshness.asOf().orElse(null), freshness.isStale());
    }
}
