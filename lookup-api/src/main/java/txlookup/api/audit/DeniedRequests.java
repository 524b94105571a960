package txlookup.api.audit;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.api.auth.Caller;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.store.OwnThreads;
import txlookup.api.web.ProblemException;

/**
 * Audits denials within a budget, because strangers cause them and the audit can only grow. A denial beyond the budget
 * is counted, and one row tells of all that were counted since the last one. Without the store the count is kept.
 */
public final class DeniedRequests implements AutoCloseable {
    static final String LEFT_OUT = "DENIALS_LEFT_OUT";

    private static final Logger LOG = LoggerFactory.getLogger(DeniedRequests.class);
    private static final int MOST_KEPT = 10_000;
    private static final int MOST_NAMED = 20;
    private static final int NETWORK_BYTES = 8;

    private final AuditWriter audit;
    private final Clock clock;
    private final Budget strangers;
    private final Budget known;
    private final Counter counter;
    private final ScheduledExecutorService clerk =
            Executors.newSingleThreadScheduledExecutor(OwnThreads.named("audit-denials"));
    private final ScheduledFuture<?> summaries;
    private LeftOut leftOut = LeftOut.NONE;

    public DeniedRequests(AuditWriter audit, LookupApiSettings.Denials settings, Clock clock, MeterRegistry meters) {
        this.audit = audit;
        this.clock = clock;
        this.strangers = new Budget(settings);
        this.known = new Budget(settings);
        this.counter = Counter.builder("txlookup.api.audit.denials.left.out")
                .description("Denials beyond the audit's budget, which one audit row counts together")
                .register(meters);
        long every = settings.summaryEvery().toNanos();
        this.summaries = clerk.scheduleWithFixedDelay(this::tryToSummarize, every, every, TimeUnit.NANOSECONDS);
    }

    /**
     * Writes the row of a denial, or counts it.
     *
     * @return whether it was within the budget
     * @throws ProblemException 503 when the row is within the budget and cannot be written
     */
    public boolean write(AuditRow denied) {
        boolean stranger = denied.actor().equals(Caller.ANONYMOUS.actor());
        String who = stranger ? network(denied.ip()) : denied.actor();
        if ((stranger ? strangers : known).admits(who)) {
            audit.write(denied);
            return true;
        }
        counter.increment();
        synchronized (this) {
            leftOut = leftOut.and(who, denied.at());
        }
        return false;
    }

    /** Writes the row that counts the others, if there are any. */
    void summarize() {
        LeftOut told;
        synchronized (this) {
            told = leftOut;
            leftOut = LeftOut.NONE;
        }
        if (told.count() == 0) {
            return;
        }
        try {
            audit.write(told.row(clock.instant()));
        } catch (ProblemException e) {
            synchronized (this) {
                leftOut = told.and(leftOut);
            }
            throw e;
        }
    }

    private void tryToSummarize() {
        try {
            summarize();
        } catch (RuntimeException e) {
            LOG.warn("The audit row that counts denials could not be written yet: {}", e.toString());
        }
    }

    /** Writes what was counted, then stops. */
    @Override
    public void close() {
        summaries.cancel(false);
        clerk.shutdown();
        tryToSummarize();
    }

    /** Who has one IPv6 address has 2 to the power of 64 of them. */
    static String network(@Nullable String ip) {
        if (ip == null || ip.indexOf(':') < 0) {
            return String.valueOf(ip);
        }
        try {
            byte[] address = InetAddress.getByName(ip).getAddress(); // a literal, as the connection has it
            return HexFormat.of().formatHex(address, 0, Math.min(NETWORK_BYTES, address.length)) + "/64";
        } catch (UnknownHostException e) {
            return ip;
        }
    }

    /** Tokens for each and for all of them together. */
    private static final class Budget {
        private final LoadingCache<String, Bucket> each;
        private final Bucket all;

        private Budget(LookupApiSettings.Denials settings) {
            each = Caffeine.newBuilder()
                    .maximumSize(MOST_KEPT)
                    .build(who -> bucket(settings.burst(), settings.eachPerMinute()));
            all = bucket(settings.burstInAll(), settings.allPerMinute());
        }

        private boolean admits(String who) {
            return each.get(who).tryConsume(1) && all.tryConsume(1);
        }

        private static Bucket bucket(int burst, int perMinute) {
            return Bucket.builder()
                    .addLimit(limit -> limit.capacity(burst).refillGreedy(perMinute, Duration.ofMinutes(1)))
                    .build();
        }
    }

    /**
     * What was counted.
     *
     * @param first when the first of them came, and {@code last} the last
     * @param by the first few of who they were, with the count of each
     */
    private record LeftOut(long count, Instant first, Instant last, Map<String, Long> by) {
        private static final LeftOut NONE = new LeftOut(0, Instant.MAX, Instant.MIN, Map.of());

        private LeftOut and(String who, Instant at) {
            return and(new LeftOut(1, at, at, Map.of(who, 1L)));
        }

        private LeftOut and(LeftOut other) {
            Map<String, Long> both = new LinkedHashMap<>(by);
            other.by.forEach((who, times) -> {
                if (both.containsKey(who) || both.size() < MOST_NAMED) {
                    both.merge(who, times, Long::sum);
                }
            });
            return new LeftOut(
                    count + other.count,
                    first.isBefore(other.first) ? first : other.first,
                    last.isAfter(other.last) ? last : other.last,
                    both);
        }

        private AuditRow row(Instant now) {
            String named = by.entrySet().stream()
                    .map(one -> one.getKey() + ":" + one.getValue())
                    .collect(Collectors.joining(","));
            return new AuditRow(
                    now,
                    "txlookup",
                    List.of(),
                    null,
                    null,
                    LEFT_OUT,
                    "DENIAL",
                    Subject.ALL,
                    "-",
                    "-",
                    "count=%d&from=%s&to=%s&by=%s".formatted(count, first, last, named),
                    AuditRow.Result.DENIED,
                    0,
                    0,
                    Math.toIntExact(Math.min(count, Integer.MAX_VALUE)),
                    UUID.randomUUID().toString(),
                    null);
        }
    }
}
