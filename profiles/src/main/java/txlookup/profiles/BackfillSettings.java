package txlookup.profiles;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The load of what was there before the cutover.
 *
 * @param chunkRows rows applied in one transaction; default 10000
 * @param decodeThreads threads that decode; 0, the default, is one for each processor
 * @param source where the rows come from; default {@link BackfillSource.Ndjson}
 * @param asOf when the source was read, UTC; where absent, the reader's own start
 */
public record BackfillSettings(int chunkRows, int decodeThreads, BackfillSource source, Optional<Instant> asOf) {

    public BackfillSettings {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(asOf, "asOf");
    }
}
