package txlookup.backfill;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import txlookup.apply.Decoded;
import txlookup.apply.Entity;
import txlookup.apply.SourceRecord;
import txlookup.apply.decode.Decoder;
import txlookup.apply.store.Applied;
import txlookup.apply.store.BulkLoad;
import txlookup.apply.store.Claim;
import txlookup.apply.store.Progress;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;
import txlookup.profiles.EventProfile;

/**
 * Reads inputs and applies their chunks: one thread reads an input, several decode and write, each a whole chunk over a
 * connection of its own. Chunks of one input are committed in its order, so that a checkpoint means everything before it.
 * Not more chunks are in memory than are being worked on, and one.
 */
final class ChunkLine implements AutoCloseable {
    private final BackfillSettings settings;
    private final BulkLoad load;
    private final Pace pace;
    private final BackfillProgress progress;
    private final ThreadLocal<Decoder> decoders;
    private final ExecutorService readers = Executors.newCachedThreadPool(named("read"));
    private final ExecutorService workers;
    private final Semaphore room;
    private final List<Future<LastChunk>> inputs = new ArrayList<>();
    private final AtomicReference<@Nullable Exception> firstFailure = new AtomicReference<>();

    ChunkLine(
            BackfillSettings settings,
            EventProfile profile,
            BulkLoad load,
            Pace pace,
            BackfillProgress progress,
            Clock clock) {
        this.settings = settings;
        this.load = load;
        this.pace = pace;
        this.progress = progress;
        this.decoders = ThreadLocal.withInitial(() -> new Decoder(profile, settings.maxFutureSkew(), clock));
        this.workers = Executors.newFixedThreadPool(settings.threads(), named("load"));
        this.room = new Semaphore(settings.threads() + 1);
    }

    private static ThreadFactory named(String name) {
        return work -> {
            Thread thread = new Thread(work, "backfill-" + name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private record LastChunk(CompletableFuture<Claim> claim) {}

    /** Begins to read an input where its claim left it. */
    void add(Input input, Claim claim) {
        inputs.add(readers.submit((Callable<LastChunk>) () -> read(input, claim)));
    }

    private LastChunk read(Input input, Claim claim) throws Exception {
        CompletableFuture<Claim> last = CompletableFuture.completedFuture(claim);
        try {
            progress.begins(input, claim.nextPosition() - 1);
            try (Input.Reader reader = input.open(claim.nextPosition(), claim.resumeFrom(), settings.asOf())) {
                boolean more = true;
                while (more && firstFailure.get() == null) {
                    pace.await();
                    room.acquire();
                    Chunk chunk = reader.next(settings.chunkRows());
                    more = !chunk.last();
                    last = hand(input, claim.sourceId(), chunk, last);
                }
            }
            return new LastChunk(last);
        } catch (Exception e) {
            fail(e);
            throw e;
        }
    }

    private CompletableFuture<Claim> hand(Input input, int sourceId, Chunk chunk, CompletableFuture<Claim> before) {
        CompletableFuture<Claim> done = new CompletableFuture<>();
        workers.execute(() -> {
            try {
                done.complete(apply(input, sourceId, chunk, before));
            } catch (Exception e) {
                fail(e);
                done.completeExceptionally(e);
            } catch (Error e) {
                fail(new IllegalStateException("Loading %s failed: %s".formatted(input.name(), e), e));
                done.completeExceptionally(e);
                throw e;
            } finally {
                room.release();
            }
        });
        return done;
    }

    private Claim apply(Input input, int sourceId, Chunk chunk, CompletableFuture<Claim> before)
            throws SQLException, InterruptedException {
        List<SourceRecord> records = chunk.records();
        Instant newest = records.isEmpty() ? null : records.get(0).time();
        Progress to = new Progress(chunk.nextPosition(), chunk.resumeFrom(), chunk.bytes(), newest, chunk.last());
        Applied applied = load.apply(
                sourceId,
                input.entity(),
                decoding(input.entity(), records),
                position -> recordAt(records, position),
                to,
                new After(before));
        // Before the next chunk may be committed, so that progress is told in the input's order.
        progress.applied(input, chunk, applied);
        return applied.claim();
    }

    /** Decodes while it is walked over: a row is written before the next one is decoded, and nothing is kept. */
    private Iterable<Decoded> decoding(Entity entity, List<SourceRecord> records) {
        Decoder decoder = decoders.get();
        return () ->
                records.stream().map(record -> decoder.decode(entity, record)).iterator();
    }

    private static SourceRecord recordAt(List<SourceRecord> records, long position) {
        return records.stream()
                .filter(record -> record.position() == position)
                .findFirst()
                .orElseThrow();
    }

    private record After(CompletableFuture<Claim> before) implements BulkLoad.Turn {
        @Override
        public Claim await() throws InterruptedException {
            try {
                return before.get();
            } catch (ExecutionException e) {
                throw new CompletionException("a chunk before this one failed", e.getCause());
            }
        }

        @Override
        public @Nullable Claim await(long millis) throws InterruptedException {
            try {
                return before.get(millis, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                return null;
            } catch (ExecutionException e) {
                throw new CompletionException("a chunk before this one failed", e.getCause());
            }
        }
    }

    private void fail(Exception e) {
        firstFailure.compareAndSet(null, e);
    }

    /** Waits until everything is applied, and gives the claims that the last chunks left, input by input. */
    List<Claim> finish() throws IOException, SQLException, InterruptedException {
        List<Claim> ends = new ArrayList<>();
        for (Future<LastChunk> input : inputs) {
            try {
                ends.add(input.get().claim().get());
            } catch (ExecutionException e) {
                fail(e);
            }
        }
        Exception failure = firstFailure.get();
        if (failure instanceof IOException io) {
            throw io;
        }
        if (failure instanceof SQLException sql) {
            throw sql;
        }
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        return ends;
    }

    /** Stops what still runs, and waits for it: nobody may write after the load's lock is given back. */
    @Override
    public void close() {
        readers.shutdownNow();
        workers.shutdownNow();
        boolean interrupted = Thread.interrupted();
        while (true) {
            try {
                if (readers.awaitTermination(1, TimeUnit.MINUTES) && workers.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
