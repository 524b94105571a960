package txlookup.azure.judge;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import txlookup.apply.store.generation.Generation;
import txlookup.azure.arm.Sleeper;
import txlookup.gate.evaluate.Evaluation;
import txlookup.gate.model.Observation;
import txlookup.gate.observe.GateRun;
import txlookup.gate.observe.LookupCorrectnessProbe;
import txlookup.gate.observe.LookupLoad;
import txlookup.gate.observe.ServiceMetrics;
import txlookup.gate.observe.ServiceProbes;
import txlookup.gate.observe.canary.ApiMarkers;
import txlookup.gate.observe.canary.CanaryMarkers;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.observe.record.ServiceHttp;
import txlookup.gate.observe.store.LogOffsets;
import txlookup.gate.observe.store.LogReadings;
import txlookup.gate.observe.store.StoreQueries;
import txlookup.gate.observe.store.StoreReadings;
import txlookup.profiles.Profile;
import txlookup.profiles.Stage;
import txlookup.rebuild.judge.ObjectiveResults;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.platform.Platform;

/**
 * The policy's second gate: the environment is observed and judged by its objectives. What was not seen is not passed
 * (docs/policy.md, Gates).
 */
public final class ObjectivesGate implements Platform.Gate {
    private static final Duration MARKER_EVERY = Duration.ofSeconds(1);
    private static final Duration MARKER_DEADLINE = Duration.ofSeconds(15);

    private final Profile profile;
    private final GateOptions judging;
    private final Reach reach;
    private final Sleeper waiting;

    /**
     * How the environment is reached.
     *
     * @param store connections to the generation
     * @param admin settings of an admin client
     * @param producer settings of a producer that may publish; empty where the gate is not to
     * @param api the API's base address
     * @param consumer the consumer's
     */
    public record Reached(
            HikariDataSource store,
            Map<String, Object> admin,
            Optional<Map<String, Object>> producer,
            URI api,
            URI consumer) {}

    /** Asks how it is reached, once it is to be judged. */
    public interface Reach {
        Reached now(long generation) throws IOException, InterruptedException;
    }

    /** @param reach asked once it is to be judged */
    public ObjectivesGate(Profile profile, GateOptions judging, Sleeper waiting, Reach reach) {
        this.profile = profile;
        this.waiting = waiting;
        this.judging = judging;
        this.reach = reach;
    }

    @Override
    public FailureCause cause() {
        return FailureCause.SLO_FAILED;
    }

    @Override
    public String unblock() {
        return "see what the reason names; too little seen wants a longer --gate-duration or, with producers, their events";
    }

    @Override
    public List<GateResult> judge(Generation generation) throws Exception {
        Reached reached = reach.now(generation.number());
        if (reached.producer().isEmpty() && profile.stage() == Stage.CLOUD_SECURE) {
            try (LogOffsets log = new LogOffsets(reached.admin(), topics())) {
                new ProducersWait(() -> endsByTopic(log), waiting, judging.producers(), judging.tell())
                        .await(reached.admin().get("bootstrap.servers"));
            }
        }
        List<ObservationSource> sources = sources(reached, generation.number());
        try {
            Observation observation = new GateRun(environment(generation), judging.objectives(), sources)
                    .observe(judging.duration(), judging.interval(), judging.progress());
            return ObjectiveResults.of(Evaluation.of(observation, judging.objectives()));
        } finally {
            sources.forEach(ObservationSource::close);
        }
    }

    private static Map<String, Long> endsByTopic(LogOffsets log) {
        Map<String, Long> ends = new HashMap<>();
        log.ends(log.logs())
                .forEach((partition, end) ->
                        ends.merge(partition.substring(0, partition.lastIndexOf('-')), end, Long::sum));
        return ends;
    }

    private Observation.Environment environment(Generation generation) {
        return new Observation.Environment(
                "%s %s %s"
                        .formatted(
                                profile.stage().yamlName(),
                                profile.naming().owner(),
                                profile.naming().env()),
                generation.number(),
                topics());
    }

    private List<String> topics() {
        return List.of(profile.ledgerTopic(), profile.paymentOrderTopic());
    }

    private List<ObservationSource> sources(Reached reached, long generation) {
        ServiceHttp http = new ServiceHttp(judging.lookupToken()).inGeneration(generation);
        // A scrape or probe needs no token, and goes to processes that are not the token's audience.
        ServiceHttp open = new ServiceHttp(Optional::empty);
        StoreQueries queries = new StoreQueries(reached.store());
        Map<String, URI> services = new LinkedHashMap<>();
        services.put("api", reached.api());
        services.put("consumer", reached.consumer());
        Map<String, URI> ready = new LinkedHashMap<>();
        services.forEach((process, address) -> ready.put(process, address.resolve("/ready")));
        List<ObservationSource> sources = new ArrayList<>();
        sources.add(new StoreReadings(reached.store(), reached.store().getJdbcUrl(), generation));
        sources.add(new LogReadings(
                new LogOffsets(reached.admin(), topics()),
                queries,
                generation,
                profile.messaging().retention()));
        services.forEach(
                (process, address) -> sources.add(new ServiceMetrics(process, address.resolve("/metrics"), open)));
        sources.add(new ServiceProbes(ready, open));
        sources.add(new LookupCorrectnessProbe(reached.api(), http, queries));
        sources.add(new LookupLoad(reached.api(), http, queries, judging.lookupsPerSecond(), judging.warmUp()));
        reached.producer().ifPresent(producer -> {
            sources.add(new CanaryMarkers(
                    producer,
                    topics(),
                    new ApiMarkers(
                            reached.api(), http, generation, profile.names().canary()),
                    MARKER_EVERY,
                    MARKER_DEADLINE));
            sources.add(new SyntheticTraffic(producer, profile, judging.payments(), judging.duration()));
        });
        return sources;
    }
}
