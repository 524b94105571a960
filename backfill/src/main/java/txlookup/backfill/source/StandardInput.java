package txlookup.backfill.source;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;

/**
 * JSON lines from standard input, named {@code -}. What was read is gone, so a run that was killed cannot be resumed; but
 * the last chunks are kept, so that the same run can begin again at a checkpoint.
 */
public final class StandardInput implements Input {
    /** The name that stands for it where a file is asked for. */
    static final String NAME = "-";

    // More than is ever under way at once, with the usual number of threads.
    private static final long KEPT_BYTES = 128 << 20;

    private record Kept(long position, Chunk chunk) {}

    private final InputStream stream;
    private final Entity entity;
    private final Deque<Kept> kept = new ArrayDeque<>();
    private long keptBytes;
    private @Nullable NdjsonLines lines;

    StandardInput(InputStream stream, Entity entity) {
        this.stream = stream;
        this.entity = entity;
    }

    /** Whether a path that was asked for stands for it. */
    public static boolean isMeant(String path) {
        return path.equals(NAME);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Entity entity() {
        return entity;
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
        NdjsonLines reading = lines;
        if (reading == null && nextPosition == 1) {
            reading = new NdjsonLines("standard input", false, () -> 0, stream, asOf, 1, 0);
            lines = reading;
        }
        if (reading == null || !isKept(reading, nextPosition)) {
            throw new IOException(
                    "Standard input cannot be resumed at row %,d: what was read is gone; begin a new generation, or give a file"
                            .formatted(nextPosition));
        }
        return new Again(reading, nextPosition);
    }

    private boolean isKept(NdjsonLines reading, long position) {
        return reading.position() == position || kept.stream().anyMatch(one -> one.position() == position);
    }

    /** Gives the kept chunks from a position on, and then what was never read. */
    private final class Again implements Reader {
        private final NdjsonLines reading;
        private final Iterator<Kept> again;

        Again(NdjsonLines reading, long from) {
            this.reading = reading;
            this.again =
                    kept.stream().filter(one -> one.position() >= from).toList().iterator();
        }

        @Override
        public Chunk next(int rows, long bytes) throws IOException {
            if (again.hasNext()) {
                return again.next().chunk();
            }
            Kept read = new Kept(reading.position(), reading.next(rows, bytes));
            kept.add(read);
            keptBytes += read.chunk().bytes();
            while (keptBytes > KEPT_BYTES && kept.size() > 1) {
                keptBytes -= kept.remove().chunk().bytes();
            }
            return read.chunk();
        }

        @Override
        public void close() {
            // The stream goes on to be read by the next one.
        }
    }
}
