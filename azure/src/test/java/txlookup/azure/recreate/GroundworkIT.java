package txlookup.azure.recreate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmId;
import txlookup.azure.check.TemplateDrift;
import txlookup.azure.destroy.policy.DestroyPolicy;
import txlookup.azure.destroy.policy.ResourceVerdict;
import txlookup.azure.destroy.policy.Sweep;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.fake.FakeServices;
import txlookup.azure.fake.FakeWorld;
import txlookup.azure.inventory.ArmSubscription;
import txlookup.azure.template.Environments;
import txlookup.azure.template.Inputs;
import txlookup.profiles.Profile;
import txlookup.profiles.ResolvedProfile;

/** What is made from outside before a job works within, and what of it stays when the environment goes. */
@Timeout(120)
class GroundworkIT {
    private static final Profile PROFILE = Environments.profile("cloud-test", "kim", "dev");
    private static final Target TARGET = Target.of(FakeAzure.SUBSCRIPTION, PROFILE);
    private static final String GROUP = FakeWorld.group("team4-txlookup-rg-kim-dev");
    private static final String KEPT = FakeWorld.group("team4-txlookup-rgkept-kim-dev");
    private static final String JOB = GROUP + "/providers/Microsoft.App/jobs/team4-tx-in-kim-d";
    private static final List<String> COMMAND = List.of("env", "carry-out", "--", "env", "recreate");

    private final Clockwork waiting = new Clockwork();
    private final List<CompletableFuture<Boolean>> runs = new ArrayList<>();
    private FakeAzure azure;
    private ArmClient client;

    /** Jobs that run until a test ends them. */
    private final class Jobs implements FakeServices {
        @Override
        public String server(String name, String administrator, String password) {
            return name + ".postgres.database.azure.com";
        }

        @Override
        public void database(String server, String name) {}

        @Override
        public String namespace(String name) {
            return name + ".servicebus.windows.net";
        }

        @Override
        public void hub(String namespace, String name, int partitions) {}

        @Override
        public String revision(String app, String revision, Container container) {
            return revision + ".example.azurecontainerapps.io";
        }

        @Override
        public CompletableFuture<Boolean> job(String name, Container container) {
            CompletableFuture<Boolean> run = new CompletableFuture<>();
            runs.add(run);
            return run;
        }

        @Override
        public void removed(String type, String name) {}
    }

    @BeforeEach
    void start() throws Exception {
        azure = FakeAzure.start(0, new FakeAzure.Slowness(1, 1, 1, 0, 1_000), new Jobs());
        client = Platforms.client(azure, waiting, Duration.ofMinutes(10));
    }

    @AfterEach
    void stop() {
        azure.close();
    }

    @Test
    void whatIsKeptHasAGroupOfItsOwnAndTheJobItsIdentityAndNoOneElsesRoles() throws Exception {
        URI account = groundwork(PROFILE).keep();
        assertThat(account).isEqualTo(URI.create("https://team4txstkimd.blob.core.windows.net/"));
        groundwork(PROFILE).make(COMMAND, line -> {});
        assertThat(Groundwork.blobs(client, TARGET, waiting)).hasValue(account);

        String identity =
                KEPT + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/team4-txlookup-idin-kim-dev";
        String principal =
                properties(identity, "2024-11-30").path("principalId").asString();
        JsonNode job =
                client.read(client.address(JOB, "api-version=2025-07-01")).body();
        assertThat(job.path("identity").path("userAssignedIdentities").propertyNames())
                .containsExactly(identity);
        JsonNode container = job.at("/properties/template/containers/0");
        assertThat(container.path("args").valueStream().map(JsonNode::asString))
                .containsExactly("--profile", "/profile/profile.yaml", "env", "carry-out", "--", "env", "recreate");
        assertThat(container.path("env").toString())
                .contains("TXLOOKUP_DATABASE_PASSWORD", "TXLOOKUP_CURSOR_SECRET", "\"client-" + principal + "\"");
        assertThat(azure.ids()).as("nothing of the services yet").noneMatch(id -> id.contains("/containerApps/"));
        assertThat(roles(principal))
                .containsExactlyInAnyOrder(
                        "b24988ac-6180-42a0-ab88-20f7382dd24c on " + GROUP, // Contributor
                        "7f951dda-4ed3-4680-a7ca-43fe172d538d on " + GROUP // AcrPull
                                + "/providers/Microsoft.ContainerRegistry/registries/team4txlookupkimdev",
                        "ba92f5b4-2d11-453d-a403-e96b0029c9fe on " + KEPT // Storage Blob Data Contributor
                                + "/providers/Microsoft.Storage/storageAccounts/team4txstkimd");
        assertThat(properties(KEPT + "/providers/Microsoft.Storage/storageAccounts/team4txstkimd", "2025-01-01")
                        .toString())
                .contains("\"allowSharedKeyAccess\":false", "\"allowBlobPublicAccess\":false");
    }

    @Test
    void aSecuredAccountLetsInTheEnvironmentsNetworkAndTheJobIsInNoVault() throws Exception {
        Profile secured = Environments.profile("cloud-secure", "kim", "prod");
        groundwork(secured).make(COMMAND, line -> {});
        String account = properties(
                        FakeWorld.group("team4-txlookup-rgkept-kim-prod")
                                + "/providers/Microsoft.Storage/storageAccounts/team4txstkimp",
                        "2025-01-01")
                .path("networkAcls")
                .toString();
        assertThat(account)
                .contains("\"defaultAction\":\"Deny\"", "/subnets/apps")
                .doesNotContain("203.0.113");
        Target target = Target.of(FakeAzure.SUBSCRIPTION, secured);
        Groundwork.letIn(client, target, "203.0.113.8");
        Groundwork.letIn(client, target, "203.0.113.9");
        Groundwork.letIn(client, target, "203.0.113.9");
        assertThat(properties(
                                FakeWorld.group("team4-txlookup-rgkept-kim-prod")
                                        + "/providers/Microsoft.Storage/storageAccounts/team4txstkimp",
                                "2025-01-01")
                        .path("networkAcls")
                        .toString())
                .contains(
                        "/subnets/apps",
                        "[{\"value\":\"203.0.113.8\",\"action\":\"Allow\"},{\"value\":\"203.0.113.9\",\"action\":\"Allow\"}]");
        JsonNode job = properties(
                FakeWorld.group("team4-txlookup-rg-kim-prod") + "/providers/Microsoft.App/jobs/team4-tx-in-kim-p",
                "2025-07-01");
        assertThat(job.path("configuration").path("secrets").toString())
                .contains("txlookup-database-password")
                .doesNotContain("keyVaultUrl", "cursor");
        assertThat(job.at("/template/containers/0/env").toString()).contains("team4-txlookup-idin-kim-prod");
    }

    @Test
    void whatIsKeptIsNeverDueAndNeverDestroyedAlsoWhereItsNeighbourIs() throws Exception {
        groundwork(PROFILE).make(COMMAND, line -> {});
        ArmSubscription subscription = new ArmSubscription(client, FakeAzure.SUBSCRIPTION, waiting);
        LocalDate late = LocalDate.parse("2099-12-31");
        List<ResourceVerdict> verdicts = new DestroyPolicy(TARGET, true).decide(subscription.read(), late);
        assertThat(verdicts)
                .filteredOn(verdict -> verdict.resource().id().toString().contains("rgkept"))
                .hasSize(3)
                .noneMatch(ResourceVerdict::destroy);
        assertThat(verdicts)
                .filteredOn(verdict -> verdict.resource().id().toString().equals(JOB))
                .singleElement()
                .satisfies(verdict -> assertThat(verdict.destroy()).isTrue());
        assertThat(new Sweep(subscription, TARGET).due(late))
                .isNotEmpty()
                .noneMatch(due -> due.id().toString().contains("rgkept"));
    }

    @Test
    void aGroupOfThatNameThatIsSomebodyElsesIsLeftAlone() {
        azure.arrange(world -> world.put(KEPT, Map.of("owner", "lee", "env", "dev", "project", "txlookup")));
        assertThatThrownBy(() -> groundwork(PROFILE).keep()).hasMessageContaining("nothing was changed");
        assertThat(azure.ids()).noneMatch(id -> id.contains("storageAccounts"));
    }

    @Test
    void aRunKeepsItsCommandWhileTheJobIsToldAnother() throws Exception {
        groundwork(PROFILE).make(COMMAND, line -> {});
        WithinJob job = new WithinJob(client, TARGET, waiting);
        assertThat(job.running()).isEmpty();
        String first = job.start();
        assertThat(first).startsWith("team4-tx-in-kim-d-");
        assertThat(job.ended(first)).isEmpty();
        assertThat(job.running()).as("the list lags").isEmpty();
        WithinJob.Run running = job.running(first).orElseThrow();
        assertThat(running.execution()).isEqualTo(first);
        assertThat(job.running()).hasValue(running);
        assertThat(job.running("team4-tx-in-kim-d-none")).isEmpty();
        String digest = Environments.inputs(PROFILE).digest();
        String profile = ResolvedProfile.digest(inputs(PROFILE).profile());
        assertThat(running.does(digest, profile, COMMAND)).isTrue();
        assertThat(running.does("sha256:" + "cd".repeat(32), profile, COMMAND)).isFalse();
        assertThat(running.does(digest, "another", COMMAND)).isFalse();
        assertThat(running.does(digest, profile, List.of("audit", "export"))).isFalse();

        job.instruct(List.of("audit", "export"));
        assertThat(job.running().orElseThrow().command()).isEqualTo(COMMAND);
        assertThat(job.deployed().orElseThrow().command()).containsExactly("audit", "export");
        assertThat(new TemplateDrift(client, ArmId.of(GROUP), waiting).run())
                .as("another command is no drift")
                .isEmpty();

        runs.get(0).complete(false);
        assertThat(job.ended(first)).hasValue("failed");
        assertThat(job.running()).isEmpty();
        assertThat(job.running(first)).isEmpty();
        String second = job.start();
        assertThat(second).isNotEqualTo(first);
        runs.get(1).complete(true);
        assertThat(job.ended(second)).hasValue("succeeded");
    }

    private Groundwork groundwork(Profile profile) {
        return new Groundwork(
                Target.of(FakeAzure.SUBSCRIPTION, profile),
                profile,
                inputs(profile),
                Platforms.SECRETS,
                client,
                waiting,
                AzurePlatform.Patience.usual());
    }

    private static Inputs inputs(Profile profile) {
        Inputs usual = Environments.inputs(profile);
        return new Inputs(
                usual.image(),
                usual.profile(),
                usual.network(),
                usual.operatorAddress(),
                usual.producers(),
                usual.emails(),
                usual.registry(),
                true);
    }

    private List<String> roles(String principal) throws Exception {
        List<String> roles = new ArrayList<>();
        azure.arrange(world -> world.children().forEach(child -> {
            JsonNode properties = child.path("properties");
            String id = child.path("id").asString("");
            if (id.contains("/roleAssignments/")
                    && properties.path("principalId").asString("").equals(principal)) {
                String role = properties.path("roleDefinitionId").asString("");
                roles.add("%s on %s"
                        .formatted(
                                role.substring(role.lastIndexOf('/') + 1),
                                id.substring(0, id.indexOf("/providers/Microsoft.Authorization"))));
            }
        }));
        return roles;
    }

    private JsonNode properties(String id, String version) throws Exception {
        return client.read(client.address(id, "api-version=" + version)).body().path("properties");
    }
}
