package txlookup.backfill.source;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import txlookup.apply.Entity;

/**
 * JSON lines from standard input, named {@code -}. What was read is gone, so a run that was killed cannot be gone on with.
 *
 * @param stream standard input
 */
public record StandardInput(InputStream stream, Entity entity) implements Input {
    /** The name that stands for it where a file is asked for. */
    public static final String NAME = "-";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public OptionalLong size() {
        return OptionalLong.empty();
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public Reader open(long nextPosition, @Nullable String resumeFrom, Instant asOf) throws IOException {
        if (nextPosition > 1) {
            throw new IOException(
                    "Standard input cannot be gone on with at row %,d of an earlier run; begin a new generation, or give a file"
                            .formatted(nextPosition));
        }
        return new NdjsonLines("standard input", false, () -> 0, stream, asOf, 1, 0);
    }
}
