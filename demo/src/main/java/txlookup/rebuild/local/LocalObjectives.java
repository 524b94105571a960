package txlookup.rebuild.local;

import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import txlookup.apply.store.generation.Generation;
import txlookup.gate.evaluate.Evaluation;
import txlookup.gate.model.Observation;
import txlookup.gate.model.SloFile;
import txlookup.gate.observe.GateRun;
import txlookup.gate.observe.LookupCorrectnessProbe;
import txlookup.gate.observe.LookupLoad;
import txlookup.gate.observe.ServiceMetrics;
import txlookup.gate.observe.ServiceProbes;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.observe.record.ServiceHttp;
import txlookup.gate.observe.store.LogOffsets;
import txlookup.gate.observe.store.LogReadings;
import txlookup.gate.observe.store.StoreQueries;
import txlookup.gate.observe.store.StoreReadings;
import txlookup.profiles.Profile;
import txlookup.rebuild.judge.ObjectiveResults;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.platform.Platform;
import txlookup.rebuild.steps.CatchUp;

/** The policy's second gate on this machine: judged by the objectives, and observed by the code, of every environment. */
final class LocalObjectives implements Platform.Gate {
    private static final Duration OBSERVED = Duration.ofSeconds(13);
    /** More instants than the objectives of time want, for a busy machine leaves some out. */
    private static final Duration INTERVAL = Duration.ofMillis(150);
    /** Consumer and API were started seconds ago; what is judged is the service, not its compiler at work. */
    private static final Duration WARM_UP = Duration.ofSeconds(13);
    /** How long lookups and events come. */
    static final Duration TRAFFIC = WARM_UP.plus(OBSERVED);
    /** Of three routes together: each is seen 520 times, of 500 that are wanted. */
    private static final double LOOKUPS_PER_SECOND = 120;

    private final LocalPlatform platform;
    private final Collection<String> mayBeUnseen;
    private final List<ObservationSource> traffic;

    /**
     * A gate for the platform.
     *
     * @param mayBeUnseen objectives that pass also where too little was seen to judge by
     * @param traffic what is published while it looks
     */
    LocalObjectives(LocalPlatform platform, Collection<String> mayBeUnseen, List<ObservationSource> traffic) {
        this.platform = platform;
        this.mayBeUnseen = List.copyOf(mayBeUnseen);
        this.traffic = List.copyOf(traffic);
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
        SloFile objectives = SloFile.ofStage(platform.profile().stage().yamlName());
        Observation.Environment environment = new Observation.Environment("local", generation.number(), topics());
        List<ObservationSource> sources = sources(generation);
        try {
            Observation seen = new GateRun(environment, objectives, sources).observe(OBSERVED, INTERVAL, left -> {});
            new CatchUp(platform).await(generation, topics());
            return ObjectiveResults.of(Evaluation.of(seen, objectives), mayBeUnseen);
        } finally {
            sources.forEach(ObservationSource::close);
        }
    }

    private List<String> topics() {
        return List.of(platform.profile().ledgerTopic(), platform.profile().paymentOrderTopic());
    }

    private List<ObservationSource> sources(Generation generation) throws Exception {
        Profile profile = platform.profile();
        HikariDataSource store = platform.store(generation.number());
        StoreQueries queries = new StoreQueries(store);
        ServiceHttp open = new ServiceHttp(Optional::empty);
        ServiceHttp asking = open.inGeneration(generation.number());
        URI api = platform.startApi();
        List<ObservationSource> sources = new ArrayList<>();
        sources.add(new StoreReadings(store, profile.database().jdbcUrl(), generation.number()));
        sources.add(new LogReadings(
                new LogOffsets(platform.brokerSettings(), topics()),
                queries,
                generation.number(),
                profile.messaging().retention()));
        Map<String, URI> ready = new LinkedHashMap<>();
        platform.metrics(generation).forEach((process, address) -> {
            sources.add(new ServiceMetrics(process, address, open));
            ready.put(process, address.resolve("/ready"));
        });
        sources.add(new ServiceProbes(ready, open));
        sources.add(new LookupCorrectnessProbe(api, asking, queries));
        sources.addAll(traffic);
        sources.add(new LookupLoad(api, asking, queries, LOOKUPS_PER_SECOND, WARM_UP));
        return sources;
    }
}
