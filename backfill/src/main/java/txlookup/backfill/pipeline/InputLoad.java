package txlookup.backfill.pipeline;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.load.LoadLock;
import txlookup.apply.store.position.FencedException;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.sql.StoreRetry;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;

/**
 * One input from its checkpoint to its end. Whatever interrupts it (the store is away, the source is, people pause the load
 * for long), it begins again at the checkpoint that the store has, so that nothing has to be remembered of what was under
 * way: no row is left out and none is counted twice.
 */
final class InputLoad {
    private final Input input;
    private final LoadSettings settings;
    private final Store store;
    private final LoadLock lock;
    private final LoadPacing pace;
    private final Chunks chunks;
    private final BooleanSupplier stopping;
    private final LoadWaits waits;
    private Lease claim;
    private long fencedAt = -1;

    /** Where chunks go, each to be applied after the one before it. */
    interface Chunks {
        /** Waits until one more chunk may be in memory, at most so long. */
        boolean awaitRoom(Duration atMost) throws InterruptedException;

        /** Looks at the first chunk of an input that no sample could be taken of. */
        void judge(Input input, Chunk first);

        /** Gives back room that no chunk came for. */
        void giveBackRoom();

        /** Applies a chunk on another thread. */
        CompletableFuture<Lease> apply(
                Input input, int sourceId, Chunk chunk, CompletableFuture<Lease> before, Ended ended);
    }

    /** Is told how a chunk ended, before whoever waits for it is. */
    interface Ended {
        void ended(@Nullable Exception failure);
    }

    /** @param stopping whether the load has failed elsewhere */
    InputLoad(
            Input input,
            Lease claim,
            LoadSettings settings,
            Store store,
            LoadLock lock,
            LoadPacing pace,
            Chunks chunks,
            LoadWaits waits,
            BooleanSupplier stopping) {
        this.input = input;
        this.claim = claim;
        this.settings = settings;
        this.store = store;
        this.lock = lock;
        this.pace = pace;
        this.chunks = chunks;
        this.waits = waits;
        this.stopping = stopping;
    }

    /** Loads all that is left, and gives the claim that its last chunk left. */
    Lease run() throws SQLException, InterruptedException {
        StoreRetry retry = new StoreRetry(settings.backoffFirst(), settings.backoffMost(), waits, stopping);
        return retry.call(() -> {
            lock.renew();
            return loadFromCheckpoint();
        });
    }

    private Lease loadFromCheckpoint() throws SQLException, InterruptedException {
        while (true) {
            claim = store.checkpoint(claim);
            if (claim.completed()) {
                return claim;
            }
            pace.await(OpenInput.NO_LIMIT, waits);
            try {
                Optional<Lease> end = new Stretch().read(claim);
                if (end.isPresent() || stopping.getAsBoolean()) {
                    return end.orElse(claim);
                }
            } catch (FencedException e) {
                requireLostCommits(e);
            }
        }
    }

    /**
     * A chunk that found its input elsewhere: a server that crashed lost the last commits, which do not wait for the disk,
     * and then the checkpoint says where to go on. Another load fences for good, which asking for the checkpoint shows.
     */
    private void requireLostCommits(FencedException e) {
        if (fencedAt == claim.nextPosition()) {
            throw e;
        }
        fencedAt = claim.nextPosition();
    }

    /** What is read with the input opened once. */
    private final class Stretch implements Ended {
        private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        private final Phaser underWay = new Phaser(1);
        private CompletableFuture<Lease> last = CompletableFuture.completedFuture(claim);
        private boolean isFirst = claim.nextPosition() == 1;

        /** Empty when the end was not reached, since the input should not be kept open. */
        Optional<Lease> read(Lease from) throws SQLException, InterruptedException {
            boolean atEnd = false;
            try (OpenInput open = OpenInput.at(from, input, settings)) {
                while (!atEnd && failure.get() == null && !stopping.getAsBoolean() && mayRead(open)) {
                    atEnd = readOne(open);
                }
            } finally {
                underWay.awaitAdvanceInterruptibly(underWay.arrive());
            }
            throwFailure();
            return atEnd ? Optional.of(last.join()) : Optional.empty();
        }

        private boolean mayRead(OpenInput open) throws SQLException, InterruptedException {
            long began = System.nanoTime();
            boolean may = pace.await(open.mayWait(), waits);
            open.waited(Duration.ofNanos(System.nanoTime() - began));
            return may && chunks.awaitRoom(input.isReadByTheRun() ? settings.snapshotHeld() : OpenInput.NO_LIMIT);
        }

        private boolean readOne(OpenInput open) throws SQLException {
            Chunk chunk;
            try {
                chunk = open.next();
                if (isFirst && !input.isRepeatable()) {
                    chunks.judge(input, chunk);
                }
                isFirst = false;
            } catch (SQLException | RuntimeException e) {
                chunks.giveBackRoom();
                throw e;
            }
            underWay.register();
            last = chunks.apply(input, claim.sourceId(), chunk, last, this);
            return chunk.last();
        }

        @Override
        public void ended(@Nullable Exception e) {
            if (e == null) {
                waits.storeAnswered();
            } else {
                failure.compareAndSet(null, e);
            }
            underWay.arriveAndDeregister();
        }

        private void throwFailure() throws SQLException {
            Exception first = failure.get();
            if (first instanceof SQLException sql) {
                throw sql;
            }
            if (first instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (first != null) {
                throw new IllegalStateException(first);
            }
        }
    }
}
