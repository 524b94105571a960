package txlookup.cli.gate;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import txlookup.cli.options.BrokerLogin;
import txlookup.gate.observe.LookupCorrectnessProbe;
import txlookup.gate.observe.LookupLoad;
import txlookup.gate.observe.PrometheusServer;
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
import txlookup.profiles.secrets.SecretSource;

/** Where the gate looks in an environment. */
final class GateSources {
    static final String API = "api";
    static final String CONSUMER = "consumer";
    private static final String LOOKUP_TOKEN = "TXLOOKUP_GATE_TOKEN";
    static final long NO_GENERATION = 0;
    private static final Duration MARKER_EVERY = Duration.ofSeconds(1);
    private static final Duration MARKER_DEADLINE = Duration.ofSeconds(15);

    private final Profile profile;
    private final SecretSource secrets;
    private final DataSource store;
    private final long generation;
    private final Map<String, URI> services;
    private final ServiceHttp http;

    /**
     * Prepares them.
     *
     * @param generation absent where nothing serves and none was named
     * @param asked the generation that lookups name; empty where they ask what serves
     * @param services each process's base address; the processes of one service share its name's beginning
     * @param secrets where the broker's login comes from
     * @param variables the environment's, where tokens are
     */
    GateSources(
            Profile profile,
            DataSource store,
            Optional<Long> generation,
            Optional<Long> asked,
            Map<String, URI> services,
            SecretSource secrets,
            Map<String, String> variables) {
        this.profile = profile;
        this.secrets = secrets;
        this.store = store;
        this.generation = generation.orElse(NO_GENERATION);
        this.services = new LinkedHashMap<>(services);
        ServiceHttp open = new ServiceHttp(() -> Optional.ofNullable(variables.get(LOOKUP_TOKEN)));
        this.http = asked.map(open::inGeneration).orElse(open);
    }

    /** How lookups are made. */
    record Drive(double perSecond, Duration warmUp) {}

    /** Who has the services' metrics; the services themselves where it is not given. */
    record Metrics(Optional<URI> prometheus) {}

    /** @param canary whether marker events are published */
    List<ObservationSource> all(Optional<Drive> drive, boolean canary, Metrics metrics) {
        StoreQueries queries = new StoreQueries(store);
        List<ObservationSource> sources = new ArrayList<>();
        sources.add(new StoreReadings(store, profile.database().jdbcUrl(), generation));
        Map<String, Object> broker = BrokerLogin.added(profile.messaging().adminProperties(), profile, secrets);
        sources.add(new LogReadings(
                new LogOffsets(broker, List.of(profile.ledgerTopic(), profile.paymentOrderTopic())),
                queries,
                generation,
                profile.messaging().retention()));
        sources.addAll(metrics(metrics));
        Map<String, URI> ready = new LinkedHashMap<>();
        services.forEach((process, address) -> ready.put(process, address.resolve("/ready")));
        sources.add(new ServiceProbes(ready, http));
        sources.add(new LookupCorrectnessProbe(services.get(API), http, queries));
        // Late, for its warm-up is not to be part of what the others see first.
        drive.ifPresent(
                how -> sources.add(new LookupLoad(services.get(API), http, queries, how.perSecond(), how.warmUp())));
        if (canary) {
            sources.add(new CanaryMarkers(
                    BrokerLogin.added(profile.messaging().producerProperties(), profile, secrets),
                    List.of(profile.ledgerTopic(), profile.paymentOrderTopic()),
                    new ApiMarkers(
                            services.get(API), http, generation, profile.names().canary()),
                    MARKER_EVERY,
                    MARKER_DEADLINE));
        }
        return sources;
    }

    private List<ObservationSource> metrics(Metrics metrics) {
        if (metrics.prometheus().isPresent()) {
            return List.of(new PrometheusServer(metrics.prometheus().get(), http));
        }
        List<ObservationSource> own = new ArrayList<>();
        services.forEach((process, address) -> own.add(
                new ServiceMetrics(process.startsWith(CONSUMER) ? CONSUMER : API, address.resolve("/metrics"), http)));
        return own;
    }
}
