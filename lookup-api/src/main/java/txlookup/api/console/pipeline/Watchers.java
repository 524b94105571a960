package txlookup.api.console.pipeline;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import txlookup.api.store.OwnThreads;
import txlookup.api.web.ProblemException;

/**
 * Who watches the pipeline. Each is told in a thread of its own: one whose connection takes nothing misses looks, and the
 * others miss none. One that was never ended in another way ends after {@link #LONGEST}.
 */
final class Watchers implements AutoCloseable {
    static final int MOST = 200;

    /** The browser asks again by itself, and so is admitted once more: a token may have expired. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    private static final Duration SPARE = Duration.ofMinutes(1);

    private final Map<Watcher, Told> all = new ConcurrentHashMap<>();
    private final ExecutorService tellers = new ThreadPoolExecutor(
            0, MOST, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), OwnThreads.named("pipeline-teller"));

    /** Is told of each look until it is ended. */
    interface Watcher {
        void seen(Pipeline pipeline);

        void end();
    }

    private record Told(long since, AtomicBoolean busy) {}

    /** @throws ProblemException 503 when too many watch already */
    void requireRoom() {
        if (all.size() >= MOST) {
            throw ProblemException.unavailable("too many watch the pipeline already", all.size() + " watchers");
        }
    }

    void add(Watcher watcher) {
        all.put(watcher, new Told(System.nanoTime(), new AtomicBoolean()));
    }

    void remove(Watcher watcher) {
        all.remove(watcher);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    int size() {
        return all.size();
    }

    /** Tells all who are not busy with an earlier look. Waits for nobody. */
    void tell(Pipeline pipeline) {
        all.forEach((watcher, told) -> {
            if (told.busy().compareAndSet(false, true)) {
                tell(watcher, told, pipeline);
            }
        });
    }

    private void tell(Watcher watcher, Told told, Pipeline pipeline) {
        try {
            tellers.execute(() -> {
                try {
                    watcher.seen(pipeline);
                } finally {
                    told.busy().set(false);
                }
            });
        } catch (RejectedExecutionException e) {
            told.busy().set(false); // the process ends, or as many as may be are busy: it sees the next look
        }
    }

    /** Ends those that have watched too long: nobody may have told that they are gone. */
    void endOld() {
        endOld(System.nanoTime() - LONGEST.plus(SPARE).toNanos());
    }

    void endOld(long startedBefore) {
        all.forEach((watcher, told) -> {
            if (told.since() - startedBefore < 0) {
                all.remove(watcher);
                watcher.end();
            }
        });
    }

    @Override
    public void close() {
        all.keySet().forEach(Watcher::end);
        all.clear();
        tellers.shutdownNow();
    }
}
