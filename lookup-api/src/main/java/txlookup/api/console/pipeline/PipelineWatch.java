package txlookup.api.console.pipeline;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.console.pipeline.Pipeline.Source;
import txlookup.api.health.AllStandstills;
import txlookup.api.web.ProblemException;

/**
 * Looks at the pipeline once a second while somebody watches, and for a minute after, so that coming back finds the charts
 * filled. All who watch share one look.
 */
@Component
final class PipelineWatch implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineWatch.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration KEPT_UP = Duration.ofMinutes(1);

    private final PipelineReads reads;
    private final AllStandstills standstills;
    private final Duration freshness;
    private final Clock clock;
    private final Watchers watchers = new Watchers();
    // No monitor: a virtual thread that waits for the store in one keeps its carrier before JDK 24.
    private final ReentrantLock one = new ReentrantLock();
    private final Deque<Look> looks = new ArrayDeque<>();
    private @Nullable Long looked;
    private @Nullable ScheduledExecutorService looker;
    private @Nullable ScheduledFuture<?> looking;
    private volatile long lastWantedNanos = System.nanoTime() - KEPT_UP.toNanos();

    PipelineWatch(PipelineReads reads, AllStandstills standstills, LookupApiSettings settings, Clock clock) {
        this.reads = reads;
        this.standstills = standstills;
        this.freshness = settings.freshness();
        this.clock = clock;
    }

    private record Look(long nanos, long consumed, double behind, double throughput, double delay) {}

    /**
     * The pipeline now.
     *
     * @throws ProblemException 503 when others have waited long for the store
     */
    Pipeline now() throws SQLException {
        lastWantedNanos = System.nanoTime();
        return lookInTurn();
    }

    private Pipeline lookInTurn() throws SQLException {
        try {
            if (!one.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw ProblemException.unavailable("the pipeline cannot be read now", "another look takes long");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.unavailable("the process is ending", "interrupted");
        }
        try {
            return look();
        } finally {
            one.unlock();
        }
    }

    /** Who watches. */
    Watchers watchers() {
        return watchers;
    }

    private void lookIfWanted() {
        try {
            watchers.endOld();
            if (!watchers.isEmpty()) {
                lastWantedNanos = System.nanoTime();
            }
            if (System.nanoTime() - lastWantedNanos < KEPT_UP.toNanos()) {
                watchers.tell(lookInTurn());
            }
        } catch (SQLException | RuntimeException e) {
            // Thrown, it would end the looking for good. The page says since when nothing was heard.
            LOG.debug("The pipeline cannot be read now: {}", e.toString());
        }
    }

    private Pipeline look() throws SQLException {
        PipelineReads.Read read = reads.sources();
        List<Source> sources = read.sources();
        if (!Objects.equals(read.generation(), looked)) {
            looked = read.generation();
            looks.clear(); // the counts of another generation are another line
        }
        Instant now = clock.instant();
        List<Source> streams = sources.stream().filter(Source::isStream).toList();
        Duration behind = streams.stream()
                .map(source -> source.behind(now))
                .max(Comparator.naturalOrder())
                .orElse(null);
        Duration delay = streams.stream()
                .filter(source -> source.appliedUntil() != null)
                .map(source -> Duration.between(source.appliedUntil(), source.updatedAt()))
                .filter(span -> !span.isNegative())
                .max(Comparator.naturalOrder())
                .orElse(null);
        long consumed = sources.stream().mapToLong(Source::consumed).sum();
        double throughput = keep(consumed, seconds(behind), seconds(delay));
        return new Pipeline(now, standstills.now(), sources, reads.generations(), behind, throughput, delay, charts());
    }

    private double keep(long consumed, double behind, double delay) {
        long nanos = System.nanoTime();
        Look before = looks.peekLast();
        double seconds = before == null ? 0 : (nanos - before.nanos()) / 1e9;
        double throughput = before == null || seconds < 0.2 || consumed < before.consumed()
                ? before == null ? 0 : before.throughput()
                : (consumed - before.consumed()) / seconds;
        if (before == null || seconds >= 0.9) {
            looks.addLast(new Look(nanos, consumed, behind, throughput, delay));
        }
        while (looks.size() > Chart.MOST) {
            looks.removeFirst();
        }
        return throughput;
    }

    private List<Chart> charts() {
        double objective = freshness.toMillis() / 1_000.0;
        return List.of(
                Chart.of("behind", " s", values(Look::behind), objective),
                Chart.of("throughput", "/s", values(Look::throughput), 0),
                Chart.of("delay", " s", values(Look::delay), objective));
    }

    private List<Double> values(Function<Look, Double> value) {
        return looks.stream().map(value).toList();
    }

    private static double seconds(@Nullable Duration span) {
        return span == null ? 0 : span.toMillis() / 1_000.0;
    }

    @Override
    public void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "pipeline-watch");
            thread.setDaemon(true);
            return thread;
        });
        looking = started.scheduleWithFixedDelay(this::lookIfWanted, 1, 1, TimeUnit.SECONDS);
        looker = started;
    }

    /** Before the web server waits for its requests to end: a stream would not end by itself. */
    @Override
    public void stop() {
        if (looking != null) {
            looking.cancel(true);
        }
        if (looker != null) {
            looker.shutdownNow();
            looker = null;
        }
        watchers.close();
    }

    @Override
    public boolean isRunning() {
        return looker != null;
    }
}
