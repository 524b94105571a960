package txlookup.backfill.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import txlookup.apply.store.position.Lease;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;

/** An input while it is open, from a checkpoint on, and how long it may be kept waiting so. */
final class OpenInput implements AutoCloseable {
    /** A file can be kept open for any time. */
    static final Duration NO_LIMIT = Duration.ofDays(365);

    private final Input input;
    private final LoadSettings settings;
    private final Input.Reader reader;
    private Duration mayWait;

    private OpenInput(Input input, LoadSettings settings, Lease from) throws SQLException {
        this.input = input;
        this.settings = settings;
        this.mayWait = input.isReadByTheRun() ? settings.snapshotHeld() : NO_LIMIT;
        this.reader = ask(() -> input.open(from.nextPosition(), from.resumeFrom(), settings.asOf()));
    }

    static OpenInput at(Lease from, Input input, LoadSettings settings) throws SQLException {
        return new OpenInput(input, settings, from);
    }

    private interface Question<T> {
        T ask() throws IOException, SQLException;
    }

    /** @throws SourceAway when a source database failed in a way that passes */
    private <T> T ask(Question<T> question) throws SQLException {
        try {
            return question.ask();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw SourceAway.is(e) ? new SourceAway(input.name(), e) : e;
        }
    }

    Chunk next() throws SQLException {
        return ask(() -> reader.next(settings.chunkRows(), settings.chunkBytes()));
    }

    /** How long the next chunk may be waited for with the input open. */
    Duration mayWait() {
        return mayWait;
    }

    void waited(Duration time) {
        mayWait = mayWait.minus(time);
    }

    @Override
    public void close() throws SQLException {
        ask(() -> {
            reader.close();
            return true;
        });
    }
}
