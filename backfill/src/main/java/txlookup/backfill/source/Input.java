package txlookup.backfill.source;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import txlookup.apply.Entity;

/** One input of a backfill: a file or a table that holds snapshots of one entity. */
public interface Input {
    /** The input's name in coverage, dead letters and manifest; stable between runs, or a resumed run starts over. */
    String name();

    /** What its rows are snapshots of. */
    Entity entity();

    /** How much there is to read, in the unit of {@link Chunk#done}; empty where it cannot be known cheaply. */
    OptionalLong size() throws IOException, SQLException;

    /** The file that it is; empty for a table or a stream. */
    default Optional<Path> path() {
        return Optional.empty();
    }

    /** Whether it can be opened more than once. */
    default boolean isRepeatable() {
        return true;
    }

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
        /** The next rows, at most {@code rows}; the last chunk says that it is, and may be empty. */
        Chunk next(int rows) throws IOException, SQLException;

        @Override
        void close() throws IOException, SQLException;
    }
}
