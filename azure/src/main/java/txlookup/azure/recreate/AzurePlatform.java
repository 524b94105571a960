package txlookup.azure.recreate;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import txlookup.apply.store.Generation;
import txlookup.apply.store.StoreConnections;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmException;
import txlookup.azure.arm.Waiting;
import txlookup.azure.destroy.Target;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.template.AppsPart;
import txlookup.azure.template.ContainerSecrets;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.azure.template.Inputs;
import txlookup.azure.template.TemplateLayer;
import txlookup.backfill.source.Input;
import txlookup.migrations.Migrations;
import txlookup.profiles.BackfillSource;
import txlookup.profiles.GenerationNumber;
import txlookup.profiles.Profile;
import txlookup.profiles.Secret;
import txlookup.profiles.SecretSource;
import txlookup.profiles.Stage;
import txlookup.rebuild.FailureCause;
import txlookup.rebuild.Platform;
import txlookup.rebuild.StepFailure;

/**
 * Azure as a rebuild's platform. Nothing is remembered on this side: every act deploys what it deploys, whether it is
 * there or not, and asks Azure what there is; so each can be repeated, by this process or by the next one.
 */
public final class AzurePlatform implements Platform, AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(30);

    private final Profile profile;
    private final Inputs inputs;
    private final Supplier<List<Input>> extract;
    private final SecretSource given;
    private final Waiting waiting;
    private final Patience patience;
    private final Judging judging;
    private final EnvironmentParameters parameters;
    private final EnvironmentResources resources;
    private final Deployments deployments;
    private final ContainerJobs jobs;
    private final Endpoints endpoints;
    private final ContainerSecrets names;
    private final Map<String, Secret> secrets = new LinkedHashMap<>();
    private Map<String, Object> broker = Map.of();
    private HikariDataSource store;
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
     * @throws txlookup.profiles.ProfileException when secrets are missing, naming every one
     */
    public AzurePlatform(
            Target target,
            Profile profile,
            Inputs inputs,
            SecretSource given,
            Supplier<List<Input>> extract,
            ArmClient client,
            Waiting waiting,
            Patience patience,
            Judging judging) {
        this.profile = profile;
        this.inputs = inputs;
        this.given = given;
        this.extract = extract;
        this.waiting = waiting;
        this.patience = patience;
        this.judging = judging;
        this.parameters = new EnvironmentParameters(profile, inputs);
        this.resources = new EnvironmentResources(client, target.subscription(), parameters, waiting);
        this.deployments = new Deployments(client, resources.group(), waiting, patience.deployment());
        this.jobs = new ContainerJobs(client, waiting, AzureKind.MIGRATE_JOB.apiVersion());
        this.endpoints = new Endpoints(profile);
        this.names = new ContainerSecrets(profile);
        this.secrets.putAll(given.require(names.required()));
    }

    @Override
    public String create() throws Exception {
        resources.makeGroup();
        requireSameStage();
        deploy(TemplateLayer.BASE, parameters.base());
        deploy(TemplateLayer.DATA, parameters.data(secrets.get(names.databasePassword())));
        if (parameters.isPrivate()) {
            deploy(TemplateLayer.NETWORK, parameters.network());
        }
        return "group %s, %s, %s"
                .formatted(
                        resources.group().name(),
                        parameters.name(AzureKind.POSTGRES),
                        parameters.name(AzureKind.EVENT_HUBS));
    }

    /** Public and secured resources never become one another in place (rebuild-policy.md, Guardrails). */
    private void requireSameStage() throws IOException, InterruptedException {
        String there = deployments
                .outputs(name(TemplateLayer.BASE))
                .path("stage")
                .path("value")
                .asString("");
        String wanted = profile.stage().yamlName();
        if (!there.isEmpty() && !there.equals(wanted)) {
            throw new ArmException(
                    "%s was made as %s and is never made %s in place; choose another env, which gets resources of its own"
                            .formatted(resources.group().name(), there, wanted));
        }
    }

    @Override
    public String injectSecrets() throws Exception {
        String principal = output("principalId");
        deployments.run(
                name(TemplateLayer.ACCESS), TemplateLayer.ACCESS.template(), parameters.access(principal, secrets));
        secrets.put(
                names.connectionString(), new Secret(resources.connectionString(EnvironmentParameters.LISTEN_RULE)));
        resources.importImage(inputs);
        broker = endpoints.broker(
                profile.messaging().adminProperties(), serviceBusEndpoint(), secrets.get(names.connectionString()));
        store = StoreConnections.open(
                endpoints.jdbcUrl(resources
                        .properties(AzureKind.POSTGRES)
                        .path("fullyQualifiedDomainName")
                        .asString()),
                profile.database().user(),
                secrets.get(names.databasePassword()).reveal(),
                profile.database().poolSize(),
                CONNECT,
                profile.database().statementTimeout());
        new Migrations(store).revision();
        return "%d secrets %s; the database accepts them; image %s"
                .formatted(
                        secrets.size(),
                        parameters.withVault()
                                ? "in " + parameters.name(AzureKind.KEY_VAULT)
                                : "from " + given.describe(),
                        inputs.digest());
    }

    /**
     * The store. First asked for by step 3: before it is answered, the environment's own job has migrated it; whether
     * that brought it to head is for the step to see.
     */
    @Override
    public HikariDataSource store() {
        if (!migrated) {
            unchecked(() -> runJob(AppsPart.MIGRATE, patience.migrate()));
            migrated = true;
        }
        return store;
    }

    @Override
    public Map<String, Object> brokerSettings() {
        return broker;
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
        deploy(part);
        jobs.run(resources.id(part.kind()), longest);
    }

    @Override
    public String startConsumers(Generation started) throws Exception {
        this.generation = new GenerationNumber(started.number());
        this.cutover = started.cutover();
        deploy(AppsPart.CONSUMER);
        return "%s ready at %s".formatted(parameters.name(AzureKind.CONSUMER_APP), awaitReady(AzureKind.CONSUMER_APP));
    }

    @Override
    public void requireConsumers() {
        // The container environment starts an ended consumer again; whether it moves is what the caller watches.
    }

    @Override
    public URI startApi() throws Exception {
        deploy(AppsPart.API);
        return awaitReady(AzureKind.API_APP);
    }

    /** First asked for by step 7: before it is answered, the alerts are there, enabled, and on this environment's workspace. */
    @Override
    public Map<String, URI> metrics() {
        Map<String, URI> metrics = new LinkedHashMap<>();
        unchecked(() -> {
            deploy(TemplateLayer.MONITORING, parameters.monitoring(generation, cutover));
            requireAlert(AzureKind.FRESHNESS_ALERT);
            requireAlert(AzureKind.DEAD_LETTER_ALERT);
            metrics.put("consumer", app(AzureKind.CONSUMER_APP).resolve("/metrics"));
            metrics.put("api", app(AzureKind.API_APP).resolve("/metrics"));
        });
        return metrics;
    }

    private void requireAlert(AzureKind alert) throws IOException, InterruptedException {
        JsonNode rule = resources.properties(alert);
        String workspace = resources.id(AzureKind.LOG_ANALYTICS).toString();
        String watched = rule.path("scopes").path(0).asString("");
        if (!rule.path("enabled").asBoolean(false) || !watched.equalsIgnoreCase(workspace)) {
            throw new StepFailure(
                    FailureCause.MONITORING_FAILED,
                    "alert %s is %s and watches %s, not %s"
                            .formatted(parameters.name(alert), rule.path("enabled"), watched, workspace),
                    "see who changed the alert, then begin a new rebuild",
                    null);
        }
    }

    @Override
    public List<Gate> gates() {
        return List.of(
                new DeadLetterGate(() -> store, profile.slo().openDeadLetters()),
                new ObjectivesGate(profile, judging, this::reached));
    }

    @Override
    public Optional<String> lookupToken() {
        return judging.lookupToken().get();
    }

    private ObjectivesGate.Reached reached() throws IOException, InterruptedException {
        return new ObjectivesGate.Reached(
                store, broker, publisher(), app(AzureKind.API_APP), app(AzureKind.CONSUMER_APP));
    }

    /** Synthetic events are for what is disposable only; a secured environment has its own producers. */
    private Optional<Map<String, Object>> publisher() throws IOException, InterruptedException {
        if (profile.stage() != Stage.CLOUD_TEST || judging.payments() == 0) {
            return Optional.empty();
        }
        return Optional.of(endpoints.broker(
                profile.messaging().producerProperties(),
                serviceBusEndpoint(),
                new Secret(resources.connectionString(EnvironmentResources.EVERYTHING_RULE))));
    }

    private String serviceBusEndpoint() throws IOException, InterruptedException {
        return resources
                .properties(AzureKind.EVENT_HUBS)
                .path("serviceBusEndpoint")
                .asString();
    }

    private void deploy(TemplateLayer layer, Map<String, JsonNode> given) throws IOException, InterruptedException {
        deployments.run(name(layer), layer.template(), given);
    }

    private void deploy(AppsPart part) throws IOException, InterruptedException {
        EnvironmentParameters.ContainerIdentity identity = new EnvironmentParameters.ContainerIdentity(
                output("clientId"), resources.id(AzureKind.IDENTITY).toString());
        deployments.run(
                "txlookup-" + part.inTemplate(),
                TemplateLayer.APPS.template(),
                parameters.apps(part, identity, secrets, generation));
    }

    private static String name(TemplateLayer layer) {
        return "txlookup-" + layer.file().replace(".json", "");
    }

    private String output(String name) throws IOException, InterruptedException {
        return deployments
                .outputs(name(TemplateLayer.BASE))
                .path(name)
                .path("value")
                .asString();
    }

    private URI app(AzureKind kind) throws IOException, InterruptedException {
        return endpoints.app(resources
                .properties(kind)
                .path("configuration")
                .path("ingress")
                .path("fqdn")
                .asString());
    }

    private URI awaitReady(AzureKind kind) throws IOException, InterruptedException {
        URI app = app(kind);
        HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
        Instant until = waiting.now().plus(patience.ready());
        String last = "no answer";
        while (waiting.now().isBefore(until)) {
            try {
                HttpRequest request = HttpRequest.newBuilder(app.resolve("/ready"))
                        .timeout(Duration.ofSeconds(10))
                        .build();
                HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 200) {
                    return app;
                }
                last = response.statusCode() + " " + response.body().strip();
            } catch (IOException e) {
                last = "no answer: " + e;
            }
            waiting.pause(Duration.ofSeconds(1));
        }
        throw new ArmException("%s at %s is not ready after %s: %s; its console log in the workspace says why"
                .formatted(parameters.name(kind), app, patience.ready(), last));
    }

    private interface Act {
        void run() throws IOException, InterruptedException;
    }

    private static void unchecked(Act act) {
        try {
            act.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            // The rebuild looks at the flag and stops without a verdict.
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        if (store != null) {
            store.close();
        }
    }
}
