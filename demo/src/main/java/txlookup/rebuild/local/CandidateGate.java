package txlookup.rebuild.local;

import java.util.List;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.position.StoreStats;
import txlookup.profiles.settings.SloSettings;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.platform.Platform;
import txlookup.rebuild.serving.GenerationReads;

/** How the API answers from a generation that does not serve, while the one that serves goes on; and its dead letters. */
final class CandidateGate implements Platform.Gate {
    private static final double LOOKUPS_PER_SECOND = 100;
    private static final long WARM_UP_LOOKUPS = 300;

    private final LocalPlatform platform;

    CandidateGate(LocalPlatform platform) {
        this.platform = platform;
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
        SloSettings slo = platform.profile().slo();
        List<String> ids = new GenerationReads(platform.store(generation.number())).someTxIds();
        // An empty generation is asked for what it does not have.
        List<String> asked = ids.isEmpty() ? List.of("txlookup-gate-no-such-tx") : ids;
        OpenLoopLookups load = new OpenLoopLookups(
                platform.startApi(),
                generation.number(),
                LOOKUPS_PER_SECOND,
                n -> asked.get((int) (n * 7919 % asked.size())));
        load.run(n -> n < WARM_UP_LOOKUPS);
        long least = slo.minimumRequests();
        OpenLoopLookups.Result lookups = load.run(n -> n < least);
        long dead = new StoreStats(platform.store(generation.number())).openDeadLetters();
        return List.of(lookups.latency(slo), lookups.errors(slo), SloGate.deadLetters(dead, slo));
    }
}
