package txlookup.azure.recreate;

import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import txlookup.apply.generation.Serving;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.position.StoreStats;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.judge.GateOptions;
import txlookup.azure.judge.ObjectivesGate;
import txlookup.azure.revision.AppRevisions;
import txlookup.azure.revision.Decided;
import txlookup.azure.revision.RevisionJudge;
import txlookup.azure.revision.Rollout;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.azure.template.Inputs;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.Secret;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.serving.LiveGenerations;
import txlookup.rebuild.steps.Smoke;

/** Another image for the lookup API of an environment that is there, or the earlier one again. */
public final class EnvironmentRollout implements RevisionJudge, AutoCloseable {
    private static final Duration MIGRATE = Duration.ofMinutes(30);
    private static final Duration READY = Duration.ofMinutes(10);

    private final Profile profile;
    private final Inputs inputs;
    private final Sleeper waiting;
    private final GateOptions judging;
    private final EnvironmentParameters parameters;
    private final EnvironmentResources resources;
    private final EnvironmentAccess access;
    private final AppRevisions api;
    private final AppRevisions consumer;
    private final ContainerJobs jobs;
    private final boolean imported;
    private boolean storeIsOpen;

    /**
     * Opens nothing yet.
     *
     * @param imported whether the environment's registry has the image already
     * @param secrets those of {@link txlookup.azure.template.ContainerSecrets#requiredToReach}
     */
    public EnvironmentRollout(
            Target target,
            Profile profile,
            Inputs inputs,
            boolean imported,
            Map<String, Secret> secrets,
            ArmClient client,
            Sleeper waiting,
            GateOptions judging) {
        this.profile = profile;
        this.imported = imported;
        this.inputs = inputs;
        this.waiting = waiting;
        this.judging = judging;
        this.parameters = EnvironmentParameters.ofExisting(profile, inputs);
        this.resources = new EnvironmentResources(client, target.subscription(), parameters, waiting);
        this.access = new EnvironmentAccess(profile, parameters, resources, new Endpoints(profile), waiting, secrets);
        this.api = revisions(client, AzureKind.API_APP);
        this.consumer = revisions(client, AzureKind.CONSUMER_APP);
        this.jobs = new ContainerJobs(client, waiting, AzureKind.MIGRATE_JOB.apiVersion());
    }

    private AppRevisions revisions(ArmClient client, AzureKind app) {
        return new AppRevisions(client, resources.id(app), app.apiVersion(), waiting);
    }

    /**
     * Nothing is made before it is known that the gates can speak with the log.
     *
     * @throws IOException when nothing could be decided; the same command goes on
     */
    public Decided deploy() throws IOException, InterruptedException, SQLException {
        access.requireHandshake();
        openStore();
        tell(serving());
        return rollout().deploy(parameters.image(), this::prepare);
    }

    /**
     * Goes back also where the store or the log is out of reach from here: they are for the smoke test and the gates alone.
     *
     * @throws IllegalStateException when there is no earlier revision
     */
    public Decided rollBack() throws IOException, InterruptedException {
        try {
            openStore();
        } catch (IOException | SQLException | PoolInitializationException e) {
            judging.tell().accept("the store is out of reach, so only a miss is looked up: " + e.getMessage());
        }
        try {
            access.requireHandshake();
        } catch (IOException e) {
            judging.tell().accept("the log is out of reach: " + e.getMessage());
        }
        return rollout().rollBack();
    }

    /** After the evidence of a roll back was kept. */
    public void forgetWithdrawn() throws IOException, InterruptedException {
        rollout().forgetWithdrawn();
    }

    private Rollout rollout() {
        return new Rollout(api, this, waiting, READY, judging.tell());
    }

    private void openStore() throws IOException, InterruptedException, SQLException {
        access.openStore();
        storeIsOpen = true;
    }

    private void tell(Generation serving) {
        judging.tell().accept("judged in generation %d, which serves".formatted(serving.number()));
    }

    /** Copies the image into the registry of an environment that is there. */
    public static void importImage(ArmClient client, Target target, Profile profile, Inputs inputs, Sleeper waiting)
            throws IOException, InterruptedException {
        new EnvironmentResources(
                        client, target.subscription(), EnvironmentParameters.ofExisting(profile, inputs), waiting)
                .importImage(inputs);
    }

    /** The image in this environment's registry, and what its build adds to the schema; nothing is taken away by it. */
    private void prepare() throws IOException, InterruptedException {
        if (!imported) {
            resources.importImage(inputs);
        }
        api.imageOfJob(resources.id(AzureKind.MIGRATE_JOB), parameters.image());
        jobs.run(resources.id(AzureKind.MIGRATE_JOB), MIGRATE);
    }

    private Generation serving() throws SQLException {
        long number = new LiveGenerations(access.control())
                .serving()
                .map(Serving::generation)
                .orElseThrow(() -> new IllegalStateException(
                        "no generation serves, so an image cannot be judged; rebuild and switch first"));
        return new GenerationRegistry(access.control()).find(number).orElseThrow();
    }

    @Override
    public List<GateResult> smoke(URI address) throws Exception {
        Optional<String> known =
                storeIsOpen ? new StoreStats(access.store(serving().number())).someTxId() : Optional.empty();
        return new Smoke(address, judging.lookupToken(), OptionalLong.empty()).check(known);
    }

    @Override
    public List<GateResult> objectives(URI address) throws Exception {
        if (!storeIsOpen) {
            openStore();
        }
        access.openLog();
        Generation serving = serving();
        return new ObjectivesGate(
                        profile,
                        judging,
                        waiting,
                        number -> new ObjectivesGate.Reached(
                                access.store(number),
                                access.broker(),
                                access.publisher(judging.payments()),
                                address,
                                ConsumerRevisions.address(consumer, number)))
                .judge(serving);
    }

    @Override
    public void close() {
        access.close();
    }
}
