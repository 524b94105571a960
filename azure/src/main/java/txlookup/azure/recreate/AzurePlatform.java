package txlookup.azure.recreate;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import txlookup.apply.generation.Serving;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.PartitionAnchor;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.check.AdministratorPassword;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.hub.HubEgress;
import txlookup.azure.hub.HubPartitions;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.judge.GateOptions;
import txlookup.azure.judge.ObjectivesGate;
import txlookup.azure.revision.AppRevisions;
import txlookup.azure.revision.RevisionReadiness;
import txlookup.azure.template.AppsPart;
import txlookup.azure.template.ContainerSecrets;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.azure.template.Inputs;
import txlookup.azure.template.TemplateLayer;
import txlookup.backfill.source.ExtractFiles;
import txlookup.backfill.source.Input;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.secrets.Secret;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.BackfillSource;
import txlookup.rebuild.platform.Platform;
import txlookup.rebuild.serving.LiveGenerations;

/**
 * Azure as a rebuild's platform. Nothing is remembered on this side: every act deploys what it deploys, whether it is
 * there or not, and asks Azure what there is; so each can be repeated, by this process or by the next one.
 */
public final class AzurePlatform implements Platform, AutoCloseable {
    private static final int HUBS = 2;

    private final Profile profile;
    private final Supplier<List<Input>> extract;
    private final SecretSource given;
    private final ResourceSteps made;
    private final HeldEvents held;
    private final HubEgress egress;
    private final Sleeper waiting;
    private final Patience patience;
    private final GateOptions judging;
    private final EnvironmentParameters parameters;
    private final EnvironmentResources resources;
    private final TemplateDeployments layers;
    private final ContainerParts parts;
    private final Alerts alerts;
    private final SyntheticBreach breach;
    private final EnvironmentAccess access;
    private final ConsumerRevisions consumers;
    private final ApiRevision api;
    private final Map<String, Secret> secrets = new LinkedHashMap<>();
    private boolean migrated;
    private GenerationNumber generation;
    private Instant cutover;

    /**
     * How long is waited.
     *
     * @param deployment for one deployment
     * @param migrate for the job that migrates
     * @param backfill for the job that backfills
     * @param ready for an app to answer that it is ready
     */
    public record Patience(Duration deployment, Duration migrate, Duration backfill, Duration ready) {
        /** An hour, half an hour, a day, ten minutes. */
        public static Patience usual() {
            return new Patience(
                    Duration.ofHours(1), Duration.ofMinutes(30), Duration.ofDays(1), Duration.ofMinutes(10));
        }
    }

    /**
     * Prepares an environment; nothing is asked of Azure yet.
     *
     * @param target checked: nothing in it is empty or blank
     * @param given the database's password and the other secrets that Azure does not make itself
     * @param extract what is loaded; read from here where it is files, and by a job, and then checked from here, where it
     *     is a database
     * @param judging how it is judged once it is made
     * @param hubs asks Event Hubs itself whether the events that are wanted are still there
     * @throws txlookup.profiles.schema.ProfileException when secrets are missing, naming every one
     */
    public AzurePlatform(
            Target target,
            Profile profile,
            Inputs inputs,
            SecretSource given,
            Supplier<List<Input>> extract,
            ArmClient client,
            Sleeper waiting,
            Patience patience,
            GateOptions judging,
            HubPartitions.Opener hubs) {
        this.profile = profile;
        this.given = given;
        this.extract = extract;
        this.waiting = waiting;
        this.patience = patience;
        this.judging = judging;
        this.parameters = inputs.fromWithin()
                ? EnvironmentParameters.ofExisting(profile, inputs)
                : new EnvironmentParameters(profile, inputs);
        this.resources = new EnvironmentResources(client, target.subscription(), parameters, waiting);
        Deployments deployments = new Deployments(client, resources.group(), waiting, patience.deployment());
        this.layers = new TemplateDeployments(deployments, resources.group().name());
        Endpoints endpoints = new Endpoints(profile);
        ContainerJobs jobs = new ContainerJobs(client, waiting, AzureKind.MIGRATE_JOB.apiVersion());
        this.parts = new ContainerParts(parameters, resources, deployments, layers, jobs);
        this.alerts = new Alerts(resources, parameters);
        this.breach = new SyntheticBreach(resources, parameters, waiting);
        ContainerSecrets names = new ContainerSecrets(profile);
        AppRevisions revisions = new AppRevisions(
                client, resources.id(AzureKind.CONSUMER_APP), AzureKind.CONSUMER_APP.apiVersion(), waiting);
        this.consumers = new ConsumerRevisions(resources, parts, revisions, new RevisionReadiness(revisions, waiting));
        AppRevisions ofApi =
                new AppRevisions(client, resources.id(AzureKind.API_APP), AzureKind.API_APP.apiVersion(), waiting);
        this.api = new ApiRevision(parameters, resources, parts, ofApi, new RevisionReadiness(ofApi, waiting));
        this.secrets.putAll(given.require(inputs.fromWithin() ? names.requiredWithin() : names.required()));
        AdministratorPassword.require(
                names.databasePassword(),
                secrets.get(names.databasePassword()),
                profile.database().user());
        this.access = new EnvironmentAccess(profile, parameters, resources, endpoints, waiting, secrets);
        this.made = new ResourceSteps(profile, parameters, inputs, resources, layers);
        this.held = new HeldEvents(profile, access, hubs, waiting);
        this.egress = new HubEgress(
                client,
                resources.id(AzureKind.EVENT_HUBS),
                AzureKind.EVENT_HUBS.apiVersion(),
                HUBS * profile.messaging().partitions());
    }

    @Override
    public String create() throws Exception {
        return made.create(secrets);
    }

    @Override
    public String injectSecrets() throws Exception {
        return made.letIn(secrets, access, given);
    }

    /**
     * First asked for by step 3: before it is answered, the environment's own job has migrated the store; whether that
     * brought it to head is for the step to see.
     */
    @Override
    public HikariDataSource control() {
        if (!migrated) {
            unchecked(() -> {
                runJob(AppsPart.MIGRATE, patience.migrate());
                access.admitServices();
            });
            migrated = true;
        }
        return access.control();
    }

    @Override
    public HikariDataSource store(long number) {
        return access.store(number);
    }

    @Override
    public Map<String, Object> brokerSettings() {
        return access.broker();
    }

    @Override
    public Optional<String> requireEgress() throws Exception {
        // Another Kafka meters nothing that could be asked for.
        return parameters.ownsNamespace() ? Optional.of(egress.require(waiting.now())) : Optional.empty();
    }

    @Override
    public Optional<String> requireHeld(Generation generation, List<PartitionAnchor> next) throws Exception {
        return held.require(control(), generation, next);
    }

    @Override
    public Optional<Instant> extractReadAt(Instant cutover) {
        return ExtractFiles.asOf(extract.get(), profile.backfill().asOf(), Optional.empty());
    }

    @Override
    public List<Input> extract(Instant cutover) throws Exception {
        this.cutover = cutover;
        this.generation = GenerationNumber.fromCutover(cutover);
        if (profile.backfill().source() instanceof BackfillSource.Jdbc) {
            runJob(AppsPart.BACKFILL, patience.backfill());
        }
        return extract.get();
    }

    private void runJob(AppsPart part, Duration longest) throws IOException, InterruptedException {
        parts.deploy(part, secrets, generation);
        parts.run(part, longest);
    }

    @Override
    public String startConsumers(Generation started) throws Exception {
        this.generation = new GenerationNumber(started.number());
        this.cutover = started.cutover();
        Optional<Serving> serving = new LiveGenerations(access.control()).serving();
        URI address = consumers.start(
                generation,
                secrets,
                number -> serving.filter(now -> now.isInUse(number)).isPresent(),
                patience.ready());
        return "%s ready at %s".formatted(parameters.name(AzureKind.CONSUMER_APP), address);
    }

    @Override
    public void requireConsumers(Generation started) {
        // The container environment starts an ended consumer again; whether it moves is what the caller watches.
    }

    @Override
    public URI startApi() throws Exception {
        return api.start(generation, secrets, patience.ready());
    }

    @Override
    public void accept() throws Exception {
        api.accept();
    }

    @Override
    public void reject() throws Exception {
        api.reject();
    }

    /**
     * First asked for by step 7: before it is answered, the alerts are there, enabled, and on this environment's workspace, and
     * one of them has fired and cleared.
     */
    @Override
    public Map<String, URI> metrics(Generation scraped) {
        Map<String, URI> metrics = new LinkedHashMap<>();
        unchecked(() -> {
            layers.deploy(TemplateLayer.MONITORING, parameters.monitoring(generation, cutover, judging.objectives()));
            alerts.require();
            breach.require(generation);
            if (parameters.fromWithin()
                    && profile.audit()
                            .exportTo()
                            .filter(to -> to.startsWith("http"))
                            .isPresent()) {
                parts.deployExport(secrets);
            }
            metrics.put("consumer", consumers.address(scraped.number()).resolve("/metrics"));
            metrics.put("api", api.address().resolve("/metrics"));
        });
        return metrics;
    }

    @Override
    public List<Gate> gates() {
        return List.of(new ObjectivesGate(profile, judging, waiting, this::reached));
    }

    @Override
    public Optional<String> lookupToken() {
        return judging.lookupToken().get();
    }

    private ObjectivesGate.Reached reached(long number) throws IOException, InterruptedException {
        return new ObjectivesGate.Reached(
                store(number),
                access.broker(),
                access.publisher(judging.payments()),
                api.address(),
                consumers.address(number));
    }

    private interface Act {
        void run() throws IOException, InterruptedException, SQLException;
    }

    private static void unchecked(Act act) {
        try {
            act.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        } catch (SQLException e) {
            throw new IllegalStateException("the services' identities are not let in: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            // The rebuild looks at the flag and stops without a verdict.
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        access.close();
    }
}
