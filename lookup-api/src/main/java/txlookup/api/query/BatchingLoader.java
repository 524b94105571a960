package txlookup.api.query;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import txlookup.api.web.ProblemException;

/**
 * Reads by key of which many come at once. One that is alone is made at once. One that comes while another is under way
 * waits for that to end, and all that wait then are read by one statement, whose fixed cost they share. Nobody waits for
 * one that takes unusually long ({@link #LONG}): who comes then reads for all that wait. There is no thread for it: the
 * first that waits reads for those behind it. A request that has waited for {@link #LONG} reads for all that wait, so the slowest
 * statement of others costs nobody more than that.
 */
final class BatchingLoader<V> {
    /** Many times what a statement takes. */
    static final Duration LONG = Duration.ofMillis(20);
    /** In one statement. */
    static final int MOST = 64;

    private final Read<V> read;
    private final Duration patience;
    private final Duration unusual;
    private final Deque<Waiting<V>> queue = new ArrayDeque<>();
    private int underWay;
    private long newestBegan;

    /**
     * @param patience how long one waits for its turn or its answer before it is given up with 503
     * @param unusual how long a statement takes before nobody waits for it any more
     */
    BatchingLoader(Read<V> read, Duration patience, Duration unusual) {
        this.read = read;
        this.patience = patience;
        this.unusual = unusual;
    }

    /** What the store holds under each of these keys; a key that it does not hold is absent. */
    @FunctionalInterface
    interface Read<V> {
        Map<String, V> of(List<String> keys) throws SQLException;
    }

    Optional<V> get(String key) throws SQLException {
        Waiting<V> mine = new Waiting<>(key, new CompletableFuture<>());
        Turn<V> turn = begin(mine).orElseGet(() -> await(mine));
        if (turn instanceof Turn.Lead<V> lead) {
            turn = read(lead);
        }
        if (turn instanceof Turn.Failed<V> failed) {
            throw failed.why();
        }
        return turn instanceof Turn.Answered<V> done ? done.value() : alone(key);
    }

    synchronized int waiting() {
        return queue.size();
    }

    synchronized int underWay() {
        return underWay;
    }

    /** What the caller has to read now, its own first; nothing when it has to wait. */
    private synchronized Optional<Turn<V>> begin(Waiting<V> mine) {
        if (underWay > 0 && oneBeganOfLate()) {
            queue.add(mine);
            return Optional.empty();
        }
        underWay++;
        queue.addFirst(mine);
        return Optional.of(nextBatch());
    }

    private boolean oneBeganOfLate() {
        return System.nanoTime() - newestBegan < unusual.toNanos();
    }

    private Turn.Lead<V> nextBatch() {
        List<Waiting<V>> batch = new ArrayList<>();
        while (!queue.isEmpty() && batch.size() < MOST) {
            batch.add(queue.poll());
        }
        newestBegan = System.nanoTime();
        return new Turn.Lead<>(batch, newestBegan);
    }

    /** Reads for all of the batch and lets the next ones go. The first of the batch is the caller's own. */
    private Turn<V> read(Turn.Lead<V> lead) throws SQLException {
        List<Waiting<V>> batch = lead.batch();
        try {
            Map<String, V> found = read.of(batch.stream().map(Waiting::key).toList());
            batch.forEach(waiting ->
                    waiting.turn().complete(new Turn.Answered<>(Optional.ofNullable(found.get(waiting.key())))));
        } catch (SQLException e) {
            // One key may be what the store cannot take: asked for alone, each gets its own answer or failure. Any
            // other
            // failure is everybody's: so many statements at once are the last thing a store in trouble needs.
            boolean ofAKey = String.valueOf(e.getSQLState()).startsWith("22");
            if (batch.size() == 1) {
                throw e;
            }
            Turn<V> turn = ofAKey ? new Turn.Alone<>() : new Turn.Failed<>(e);
            batch.forEach(waiting -> waiting.turn().complete(turn));
        } catch (RuntimeException | Error e) {
            // Waiting requests are told at once, and not after its patience.
            batch.forEach(waiting -> waiting.turn().complete(new Turn.Failed<>(new SQLException(e))));
            throw e;
        } finally {
            next(lead);
        }
        return batch.get(0).turn().join();
    }

    private synchronized void next(Turn.Lead<V> ended) {
        // Whoever began after the one that has ended reads for those that wait: else there would be more and more at
        // once.
        boolean another = underWay > 1 && newestBegan != ended.began() && oneBeganOfLate();
        if (queue.isEmpty() || another) {
            underWay--;
            return;
        }
        Turn.Lead<V> next = nextBatch();
        Waiting<V> leader = next.batch().get(0);
        next.batch().set(0, leader.again());
        leader.turn().complete(next);
    }

    private Turn<V> await(Waiting<V> mine) {
        long until = System.nanoTime() + patience.toNanos();
        try {
            while (true) {
                long left = until - System.nanoTime();
                try {
                    return mine.turn().get(Math.min(left, unusual.toNanos()), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    Optional<Turn<V>> lead = leadAfterAll(mine);
                    if (lead.isPresent()) {
                        return lead.get();
                    }
                    if (left <= unusual.toNanos()) {
                        return givenUp(mine, "no answer after " + patience);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return givenUp(mine, "interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a turn cannot fail", e);
        }
    }

    /** Who waits in the queue reads for all that wait, once the newest statement takes unusually long. */
    private synchronized Optional<Turn<V>> leadAfterAll(Waiting<V> mine) {
        if (oneBeganOfLate() || !queue.remove(mine)) {
            return Optional.empty();
        }
        underWay++;
        queue.addFirst(mine.again());
        return Optional.of(nextBatch());
    }

    /** A caller that became leader must still run the batch, because others wait for it. */
    private synchronized Turn<V> givenUp(Waiting<V> mine, String why) {
        queue.remove(mine);
        Turn<V> turn = mine.turn().getNow(null);
        if (turn == null) {
            throw ProblemException.unavailable("the store is too slow now", "gathered reads: " + why);
        }
        return turn;
    }

    private Optional<V> alone(String key) throws SQLException {
        return Optional.ofNullable(read.of(List.of(key)).get(key));
    }

    private record Waiting<V>(String key, CompletableFuture<Turn<V>> turn) {
        Waiting<V> again() {
            return new Waiting<>(key, new CompletableFuture<>());
        }
    }

    private sealed interface Turn<V> {
        record Lead<V>(List<Waiting<V>> batch, long began) implements Turn<V> {}

        record Answered<V>(Optional<V> value) implements Turn<V> {}

        record Alone<V>() implements Turn<V> {}

        record Failed<V>(SQLException why) implements Turn<V> {}
    }
}
