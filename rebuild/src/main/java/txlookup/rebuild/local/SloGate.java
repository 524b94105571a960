package txlookup.rebuild.local;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import txlookup.apply.store.Generation;
import txlookup.apply.store.StoreContents;
import txlookup.local.traffic.Payments;
import txlookup.profiles.SloSettings;
import txlookup.rebuild.CatchUp;
import txlookup.rebuild.FailureCause;
import txlookup.rebuild.Freshness;
import txlookup.rebuild.GateResult;
import txlookup.rebuild.Platform;

/**
 * The policy's second gate under live traffic: API p95, errors, freshness p95, open dead letters. Too few requests or
 * events to judge is a failure, not a pass.
 */
final class SloGate implements Platform.Gate {
    private static final double LOOKUPS_PER_SECOND = 100;
    private static final double WARM_UP_PER_SECOND = 125;
    private static final long WARM_UP_LOOKUPS = 1000;

    private final Demo demo;
    private final LongSupplier traffic;

    /** @param traffic publishes the live events and answers how many */
    SloGate(Demo demo, LongSupplier traffic) {
        this.demo = demo;
        this.traffic = traffic;
    }

    @Override
    public FailureCause cause() {
        return FailureCause.SLO_FAILED;
    }

    @Override
    public String unblock() {
        return "look at what else runs on this machine and at the logs of consumer and API";
    }

    @Override
    public List<GateResult> judge(Generation generation) throws Exception {
        SloSettings slo = demo.profile().slo();
        URI consumerMetrics = demo.metrics().get(LocalProcesses.CONSUMER);
        Freshness before = Freshness.scrape(consumerMetrics);
        CompletableFuture<Long> publishing =
                CompletableFuture.supplyAsync(traffic::getAsLong, task -> new Thread(task, "traffic").start());
        // Consumer and API were started seconds ago; what is judged is the service, not the compiler at work.
        lookups(WARM_UP_PER_SECOND).run(n -> n < WARM_UP_LOOKUPS);
        long least = slo.minimumRequests();
        LookupLoad.Result lookups = lookups(LOOKUPS_PER_SECOND).run(n -> !publishing.isDone() || n < least);
        long published = publishing.join();
        StoreContents contents = new StoreContents(demo.store());
        new CatchUp(demo)
                .await(
                        generation,
                        List.of(demo.profile().ledgerTopic(), demo.profile().paymentOrderTopic()));
        Freshness live = Freshness.scrape(consumerMetrics).since(before);
        long dead = contents.openDeadLetters(generation.number());
        double p95 = lookups.percentile(0.95);
        return List.of(
                new GateResult(
                        "API p95",
                        lookups.requests() >= least && p95 < slo.apiLatencyP95().toMillis(),
                        "%.1f ms of %,d lookups (p50 %.1f, p99 %.1f)"
                                .formatted(p95, lookups.requests(), lookups.percentile(0.5), lookups.percentile(0.99)),
                        "< %d ms, at least %,d lookups"
                                .formatted(slo.apiLatencyP95().toMillis(), least)),
                new GateResult(
                        "API errors",
                        lookups.failedShare() < slo.errorShare(),
                        "%.2f %% (%d)".formatted(100 * lookups.failedShare(), lookups.failed()),
                        "< %.0f %%".formatted(100 * slo.errorShare())),
                new GateResult(
                        "freshness p95",
                        live.events() >= published && live.percentile(0.95).compareTo(slo.freshnessP95()) < 0,
                        "%s of %,d live events".formatted(live.shown(0.95), live.events()),
                        "< %s, all %,d published events".formatted(shown(slo.freshnessP95()), published)),
                new GateResult(
                        "open dead letters",
                        dead <= slo.openDeadLetters(),
                        Long.toString(dead),
                        "at most " + slo.openDeadLetters()));
    }

    private LookupLoad lookups(double perSecond) throws Exception {
        return new LookupLoad(
                demo.startApi(),
                perSecond,
                n -> Payments.paymentTxId(n * 7919 % demo.size().end()));
    }

    private static String shown(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}
