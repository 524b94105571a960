package txlookup.backfill;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.Decoded;
import txlookup.apply.SourceRecord;
import txlookup.apply.decode.Decoder;
import txlookup.apply.store.Applied;
import txlookup.apply.store.Claim;
import txlookup.apply.store.Progress;
import txlookup.apply.store.Source;
import txlookup.apply.store.Store;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;
import txlookup.profiles.EventProfile;

/**
 * Loads a generation's state up to its cutover: every input in chunks, each chunk through the same decoding and the same
 * transaction as the stream, its checkpoint included. Killed at any moment, the next run goes on at the last checkpoint.
 */
public final class Backfill {
    private static final Logger log = LoggerFactory.getLogger(Backfill.class);

    private final BackfillSettings settings;
    private final EventProfile profile;
    private final Store store;
    private final BackfillProgress progress;
    private final Clock clock;

    /** @param progress is told of every chunk, from several threads */
    public Backfill(
            BackfillSettings settings, EventProfile profile, Store store, BackfillProgress progress, Clock clock) {
        this.settings = settings;
        this.profile = profile;
        this.store = store;
        this.progress = progress;
        this.clock = clock;
    }

    /**
     * Loads all inputs, side by side.
     *
     * @return what was read and what became of it, input by input; what an earlier run loaded is included
     * @throws IOException when an input cannot be read
     * @throws SQLException when the source or the store fails; what was committed stays, and the next run goes on there
     */
    public Manifest load(List<? extends Input> inputs) throws IOException, SQLException, InterruptedException {
        Instant started = clock.instant();
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(inputs.size(), 1));
        try {
            List<Future<Manifest.Line>> running = new ArrayList<>();
            for (Input input : inputs) {
                running.add(threads.submit((Callable<Manifest.Line>) () -> load(input)));
            }
            List<Manifest.Line> lines = new ArrayList<>();
            for (Future<Manifest.Line> line : running) {
                lines.add(await(line));
            }
            return new Manifest(
                    settings.generation(), settings.cutover(), lines, Duration.between(started, clock.instant()));
        } finally {
            threads.shutdownNow();
        }
    }

    private static Manifest.Line await(Future<Manifest.Line> line)
            throws IOException, SQLException, InterruptedException {
        try {
            return line.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            if (e.getCause() instanceof SQLException sql) {
                throw sql;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private Manifest.Line load(Input input) throws IOException, SQLException {
        Source source = new Source(settings.generation(), Source.Kind.BACKFILL, input.name(), Source.NO_PARTITION);
        store.register(source, input.entity(), null, 1, settings.asOf());
        Claim claim = store.claim(source, settings.owner()).orElseThrow();
        if (claim.completed()) {
            log.info("{} was loaded by an earlier run", input.name());
        } else {
            progress.begins(input, claim.nextPosition() - 1);
            try (Input.Reader reader = input.open(claim.nextPosition(), claim.resumeFrom(), settings.asOf())) {
                Decoder decoder = new Decoder(profile, settings.maxFutureSkew(), clock);
                while (!claim.completed()) {
                    Chunk chunk = reader.next(settings.chunkRows());
                    Applied applied = apply(claim, input, decoder, chunk);
                    progress.applied(input, chunk, applied);
                    claim = applied.claim();
                }
            }
        }
        return new Manifest.Line(input.name(), input.entity(), store.counts(source));
    }

    private Applied apply(Claim claim, Input input, Decoder decoder, Chunk chunk) throws SQLException {
        List<Decoded> decoded = new ArrayList<>(chunk.records().size());
        for (SourceRecord record : chunk.records()) {
            decoded.add(decoder.decode(input.entity(), record));
        }
        Instant newest =
                chunk.records().isEmpty() ? null : chunk.records().get(0).time();
        Progress to = new Progress(chunk.nextPosition(), chunk.resumeFrom(), chunk.bytes(), newest, chunk.last());
        return store.apply(claim, decoded, position -> recordAt(chunk.records(), position), to);
    }

    private static SourceRecord recordAt(List<SourceRecord> records, long position) {
        return records.stream()
                .filter(record -> record.position() == position)
                .findFirst()
                .orElseThrow();
    }
}
