package txlookup.backfill.source;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;

/** One input of a backfill: a file or a table that holds snapshots of one entity. */
public interface Input {
    /** The input's name in coverage, dead letters and manifest; stable between runs, or a resumed run starts over. */
    String name();

    /** What its rows are snapshots of. */
    Entity entity();

    /** How much there is to read, in the unit of {@link Chunk#done}; empty where it cannot be known cheaply. */
    OptionalLong size() throws IOException, SQLException;

    /** The file that it is; empty for a table or a stream. */
    default Optional<ExtractFile> asFile() {
        return Optional.empty();
    }

    /** Whether it can be opened more than once. */
    default boolean isRepeatable() {
        return true;
    }

    /** Whether it is read as it is when it is opened: a database, where a file was written before. */
    default boolean isReadByTheRun() {
        return false;
    }

    /** When a file was read from its source, as the manifest beside it says; empty where none does. */
    default Optional<Instant> readAt() {
        return Optional.empty();
    }

    /** What the manifest beside a file says is in it; empty where none does. */
    default Optional<Promise> promise() {
        return Optional.empty();
    }

    /**
     * What a manifest says is in a file.
     *
     * @param manifest the manifest's name
     * @param rows how many rows; null where it does not say
     * @param sha256 the digest of the file's bytes in hexadecimal; null where it does not say
     */
    record Promise(
            String manifest, @Nullable Long rows, @Nullable String sha256) {}

    /**
     * Opens the input where a checkpoint left it.
     *
     * @param nextPosition the first row still to be read, counted from 1
     * @param resumeFrom what the last chunk gave as {@link Chunk#resumeFrom}; null at the start
     * @param asOf the reading instant of rows that do not carry their own; an input that makes its own snapshot uses that
     */
    Reader open(long nextPosition, @Nullable String resumeFrom, Instant asOf) throws IOException, SQLException;

    /** Opens it for its first rows only, to see what they are like. */
    default Reader sample(int rows, Instant asOf) throws IOException, SQLException {
        return open(1, null, asOf);
    }

    /** Reads an input once, front to back. */
    interface Reader extends AutoCloseable {
        long USUAL_BYTES = 8 << 20;

        /** The next rows, at most {@code rows} of some ten megabytes; see {@link #next(int, long)}. */
        default Chunk next(int rows) throws IOException, SQLException {
            return next(rows, USUAL_BYTES);
        }

        /**
         * The next rows; the last chunk says that it is, and may be empty.
         *
         * @param rows most rows
         * @param bytes most bytes of rows; the row with which they are reached is the chunk's last
         */
        Chunk next(int rows, long bytes) throws IOException, SQLException;

        @Override
        void close() throws IOException, SQLException;
    }
}
