package txlookup.backfill.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.load.BulkLoad;
import txlookup.apply.store.load.LoadLock;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.Lease;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;
import txlookup.profiles.events.EventProfile;

/**
 * Reads inputs and applies their chunks: one thread reads an input, several decode and write, each a whole chunk over a
 * connection of its own. Chunks of one input are committed in its order, so that a checkpoint means everything before it.
 * Not more chunks are in memory than are being worked on, and one.
 */
public final class ChunkPipeline implements InputLoad.Chunks, AutoCloseable {
    private final LoadSettings settings;
    private final BulkLoad load;
    private final Store store;
    private final LoadLock lock;
    private final LoadPacing pace;
    private final BackfillProgress progress;
    private final ThreadLocal<Decoder> decoders;
    private final ExecutorService readers = Executors.newCachedThreadPool(named("read"));
    private final ExecutorService workers;
    private final Semaphore room;
    private final List<Future<Lease>> inputs = new ArrayList<>();
    private final AtomicReference<@Nullable Exception> firstFailure = new AtomicReference<>();

    public ChunkPipeline(
            LoadSettings settings,
            EventProfile profile,
            BulkLoad load,
            Store store,
            LoadLock lock,
            LoadPacing pace,
            BackfillProgress progress,
            Clock clock) {
        this.settings = settings;
        this.load = load;
        this.store = store;
        this.lock = lock;
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

    /** Begins to load an input where its claim left it. */
    public void add(Input input, Lease claim) {
        LoadWaits waits = new LoadWaits(input, progress);
        InputLoad one =
                new InputLoad(input, claim, settings, store, lock, pace, this, waits, () -> firstFailure.get() != null);
        inputs.add(readers.submit(() -> {
            try {
                progress.begins(input, claim.nextPosition() - 1);
                return one.run();
            } catch (Exception e) {
                fail(e);
                throw e;
            }
        }));
    }

    @Override
    public boolean awaitRoom(Duration atMost) throws InterruptedException {
        return room.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void giveBackRoom() {
        room.release();
    }

    @Override
    public void judge(Input input, Chunk first) {
        List<Decoded> decoded = new ArrayList<>();
        decoding(input.entity(), first).forEach(decoded::add);
        Sample.of(input.name(), decoded).require(settings.maxDeadShare());
    }

    @Override
    public CompletableFuture<Lease> apply(
            Input input, int sourceId, Chunk chunk, CompletableFuture<Lease> before, InputLoad.Ended told) {
        CompletableFuture<Lease> done = new CompletableFuture<>();
        workers.execute(() -> {
            try {
                Lease claim = apply(input, sourceId, chunk, before);
                told.ended(null);
                done.complete(claim);
            } catch (Exception e) {
                told.ended(e);
                done.completeExceptionally(e);
            } catch (Error e) {
                told.ended(new IllegalStateException("Loading %s failed: %s".formatted(input.name(), e), e));
                done.completeExceptionally(e);
                throw e;
            } finally {
                room.release();
            }
        });
        return done;
    }

    private Lease apply(Input input, int sourceId, Chunk chunk, CompletableFuture<Lease> before)
            throws SQLException, InterruptedException {
        Checkpoint to =
                new Checkpoint(chunk.nextPosition(), chunk.resumeFrom(), chunk.bytes(), chunk.newest(), chunk.last());
        BatchResult applied = load.apply(
                sourceId, input.entity(), decoding(input.entity(), chunk), chunk::recordAt, to, new After(before));
        // Before the next chunk may be committed, so that progress is told in the input's order.
        progress.applied(input, chunk, applied);
        return applied.claim();
    }

    /** Decodes while it is walked over: a row is written before the next one is decoded, and nothing is kept. */
    private Iterable<Decoded> decoding(Entity entity, Chunk chunk) {
        Decoder decoder = decoders.get();
        return () -> chunk.decoded(record -> decoder.decode(entity, record)).iterator();
    }

    private record After(CompletableFuture<Lease> before) implements BulkLoad.Turn {
        @Override
        public Lease await() throws InterruptedException {
            try {
                return before.get();
            } catch (ExecutionException e) {
                throw new CompletionException("a chunk before this one failed", e.getCause());
            }
        }

        @Override
        public @Nullable Lease await(long millis) throws InterruptedException {
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
    public List<Lease> finish() throws IOException, SQLException, InterruptedException {
        List<Lease> ends = new ArrayList<>();
        for (Future<Lease> input : inputs) {
            try {
                ends.add(input.get());
            } catch (ExecutionException e) {
                fail(e);
            }
        }
        Exception failure = firstFailure.get();
        if (failure instanceof UncheckedIOException unread) {
            throw unread.getCause();
        }
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
