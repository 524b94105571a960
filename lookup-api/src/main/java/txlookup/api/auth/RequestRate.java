package txlookup.api.auth;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.web.ProblemException;

/** Holds every actor to the same rate, each on its own: one who asks too much takes nothing from the others. */
public final class RequestRate {
    // Whoever invents actors could otherwise fill the memory. The actor forgotten first is the one longest unseen,
    // whose
    // bucket is most likely full again.
    private static final int MOST_ACTORS = 10_000;

    private final LookupApiSettings.Limits limits;
    private final LoadingCache<String, Bucket> buckets;

    public RequestRate(LookupApiSettings.Limits limits) {
        this.limits = limits;
        this.buckets = Caffeine.newBuilder().maximumSize(MOST_ACTORS).build(actor -> fullBucket(limits));
    }

    /** @throws ProblemException 429 when this actor has asked too much */
    public void admit(String actor) {
        if (limits.requestsPerSecond() == 0) {
            return;
        }
        ConsumptionProbe probe = buckets.get(actor).tryConsumeAndReturnRemaining(1);
        RateLimitHeaders.set(limits, probe.getRemainingTokens());
        if (!probe.isConsumed()) {
            throw ProblemException.tooMany(limits, Duration.ofNanos(probe.getNanosToWaitForRefill()));
        }
    }

    private static Bucket fullBucket(LookupApiSettings.Limits limits) {
        return Bucket.builder()
                .addLimit(limit ->
                        limit.capacity(limits.burst()).refillGreedy(limits.requestsPerSecond(), Duration.ofSeconds(1)))
                .build();
    }
}
