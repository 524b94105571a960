package txlookup.rebuild.local;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.position.StoreStats;
import txlookup.profiles.settings.SloSettings;
import txlookup.rebuild.metrics.VisibilityDelay;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.platform.Platform;
import txlookup.rebuild.steps.CatchUp;
import txlookup.traffic.Payments;

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
        URI consumerMetrics = demo.metrics(generation).get(LocalProcesses.CONSUMER);
        VisibilityDelay before = VisibilityDelay.scrape(consumerMetrics);
        CompletableFuture<Long> publishing =
                CompletableFuture.supplyAsync(traffic::getAsLong, task -> new Thread(task, "traffic").start());
        // Consumer and API were started seconds ago; what is judged is the service, not the compiler at work.
        lookups(generation, WARM_UP_PER_SECOND).run(n -> n < WARM_UP_LOOKUPS);
        long least = slo.minimumRequests();
        OpenLoopLookups.Result lookups =
                lookups(generation, LOOKUPS_PER_SECOND).run(n -> !publishing.isDone() || n < least);
        long published = publishing.join();
        StoreStats contents = new StoreStats(demo.store(generation.number()));
        new CatchUp(demo)
                .await(
                        generation,
                        List.of(demo.profile().ledgerTopic(), demo.profile().paymentOrderTopic()));
        VisibilityDelay live = VisibilityDelay.scrape(consumerMetrics).since(before);
        long dead = contents.openDeadLetters();
        return List.of(
                lookups.latency(slo),
                lookups.errors(slo),
                new GateResult(
                        "freshness p95",
                        live.events() >= published && live.percentile(0.95).compareTo(slo.freshnessP95()) < 0,
                        "%s of %,d live events".formatted(live.shown(0.95), live.events()),
                        "< %s, all %,d published events".formatted(shown(slo.freshnessP95()), published)),
                deadLetters(dead, slo));
    }

    static GateResult deadLetters(long open, SloSettings slo) {
        return new GateResult(
                "open dead letters",
                open <= slo.openDeadLetters(),
                Long.toString(open),
                "at most " + slo.openDeadLetters());
    }

    private OpenLoopLookups lookups(Generation generation, double perSecond) throws Exception {
        return new OpenLoopLookups(
                demo.startApi(),
                generation.number(),
                perSecond,
                n -> Payments.paymentTxId(n * 7919 % demo.size().end()));
    }

    private static String shown(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}
