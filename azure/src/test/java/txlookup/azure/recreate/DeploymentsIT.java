package txlookup.azure.recreate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmId;
import txlookup.azure.fake.FakeAnswer;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.fake.FakeWorld;
import txlookup.azure.inventory.ArmSubscription;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.azure.template.Environments;
import txlookup.azure.template.TemplateLayer;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.Secret;
import txlookup.profiles.secrets.SecretSource;

/** Templates deployed over HTTP through throttling, server errors, silence and kills. */
@Timeout(60)
class DeploymentsIT {
    private static final Profile PROFILE = Environments.profile("cloud-test", "kim", "dev", "secrets.mode=key-vault");
    private static final String GROUP = FakeWorld.group("team4-txlookup-rg-kim-dev");

    private final EnvironmentParameters parameters = new EnvironmentParameters(PROFILE, Environments.inputs(PROFILE));
    private final Clockwork waiting = new Clockwork();
    private FakeAzure azure;

    @BeforeEach
    void start() throws IOException {
        azure = FakeAzure.start(0, new FakeAzure.Slowness(1, 1, 1, 0, 5));
    }

    @AfterEach
    void stop() {
        azure.close();
    }

    @Test
    void aLayersResourcesAreThereAndItsOutputsAreTold() throws Exception {
        makeGroup();
        JsonNode outputs = base();
        assertThat(outputs.path("stage").path("value").asString()).isEqualTo("cloud-test");
        assertThat(outputs.path("jobPrincipalId").path("value").asString()).hasSize(36);
        assertThat(azure.ids()).anyMatch(id -> id.endsWith("/vaults/team4-tx-kv-kim-d"));
    }

    @Test
    void aDeploymentIsMadeOnceWhateverItsAnswersComeTo() throws Exception {
        makeGroup();
        azure.interfere((number, method, path) -> switch (number) {
            case 1 -> Optional.of(FakeAnswer.throttled(7));
            case 2 -> Optional.of(FakeAnswer.error(503, "ServiceUnavailable", "later"));
            // The request is carried out and its answer lost.
            case 4 ->
                Optional.of(FakeAnswer.error(500, "InternalServerError", "lost").withActing());
            case 6 -> Optional.of(FakeAnswer.error(502, "BadGateway", ""));
            default -> Optional.empty();
        });
        base();
        assertThat(azure.ids())
                .filteredOn(id -> id.contains("/providers/Microsoft."))
                .hasSize(8);
        assertThat(azure.requests())
                .filteredOn(request -> request.startsWith("PUT"))
                .hasSizeBetween(1, 3);
    }

    @Test
    void aProcessKilledInTheMiddleIsTakenUpByTheNext() throws Exception {
        makeGroup();
        for (int killedAt = 2; killedAt < 9; killedAt++) {
            int last = killedAt;
            azure.interfere((number, method, path) -> {
                if (number > last) {
                    throw new IllegalStateException("nobody asks any more");
                }
                return Optional.empty();
            });
            Deployments impatient = new Deployments(client(Duration.ZERO), group(), waiting, Duration.ZERO);
            assertThatThrownBy(() -> impatient.run("txlookup-base", TemplateLayer.BASE.template(), parameters.base()))
                    .isInstanceOf(IOException.class);
        }
        azure.interfere((number, method, path) -> Optional.empty());
        base();
        assertThat(azure.ids())
                .filteredOn(id -> id.contains("/providers/Microsoft."))
                .hasSize(8);
    }

    @Test
    void aDeploymentThatStillMovesIsWaitedForBeforeItIsJudgedOrItsOutputsAreRead() throws Exception {
        makeGroup();
        Deployments impatient = new Deployments(client(Duration.ZERO), group(), waiting, Duration.ZERO);
        assertThat(impatient.isMade("txlookup-base")).as("nobody made it").isFalse();
        assertThatThrownBy(() -> impatient.run("txlookup-base", TemplateLayer.BASE.template(), parameters.base()))
                .hasMessageContaining("is not done");
        assertThatThrownBy(() -> impatient.isMade("txlookup-base"))
                .as("it moves, which is no answer")
                .hasMessageContaining("is not done");
        assertThat(deployments().isMade("txlookup-base")).isTrue();

        assertThatThrownBy(() -> impatient.run("txlookup-base", TemplateLayer.BASE.template(), parameters.base()))
                .hasMessageContaining("is not done");
        assertThat(deployments()
                        .outputs("txlookup-base")
                        .path("stage")
                        .path("value")
                        .asString())
                .as("of what was made before and is being made again")
                .isEqualTo("cloud-test");
        assertThat(deployments().outputs("txlookup-none").isMissingNode()).isTrue();
    }

    @Test
    void whatPassesByItselfIsWaitedForAndWhatDoesNotIsToldInAzuresWords() throws Exception {
        makeGroup();
        int[] refused = new int[1];
        azure.interfere((number, method, path) -> method.equals("PUT") && refused[0]++ < 3
                ? Optional.of(FakeAnswer.error(409, "ManagedEnvironmentOperationInProgress", "later"))
                : Optional.empty());
        base();
        azure.interfere((number, method, path) -> method.equals("PUT")
                ? Optional.of(FakeAnswer.error(403, "RequestDisallowedByPolicy", "no public addresses here"))
                : Optional.empty());
        assertThatThrownBy(this::base)
                .hasMessageContaining("RequestDisallowedByPolicy")
                .hasMessageContaining("no public addresses here");
    }

    @Test
    void aVaultsNameThatADeletedOneHoldsEndsItWithTheReason() throws Exception {
        makeGroup();
        base();
        azure.arrange(world -> world.remove(GROUP + "/providers/Microsoft.KeyVault/vaults/team4-tx-kv-kim-d"));
        java.time.Instant before = waiting.now();
        assertThatThrownBy(this::base)
                .hasMessageContaining("ConflictError")
                .hasMessageContaining("already exists in deleted state");
        assertThat(Duration.between(before, waiting.now()))
                .as("it does not pass by itself")
                .isLessThan(Duration.ofMinutes(5));
    }

    @Test
    void aGroupOfSomebodyElseIsNotTouched() {
        azure.arrange(world -> world.put(GROUP, Map.of("env", "dev", "owner", "lee", "project", "txlookup")));
        assertThatThrownBy(this::makeGroup)
                .hasMessageContaining("is not this environment's")
                .hasMessageContaining("lee");
        assertThat(azure.requests()).noneMatch(request -> request.startsWith("PUT"));
    }

    @Test
    void anEnvironmentOfTheOtherStageIsNeverHardenedInPlace() throws Exception {
        makeGroup();
        Map<String, JsonNode> secure = parameters.base();
        secure.put("stage", tools.jackson.databind.node.JsonNodeFactory.instance.stringNode("cloud-secure"));
        deployments().run("txlookup-base", TemplateLayer.BASE.template(), secure);
        try (AzurePlatform platform = platform()) {
            assertThatThrownBy(platform::create).hasMessageContaining("never made cloud-test in place");
        }
        assertThat(new ArmSubscription(client(), FakeAzure.SUBSCRIPTION, waiting)
                        .read()
                        .stages())
                .as("what a destruction reads, whatever the tags say")
                .containsEntry(ArmId.of(GROUP), "cloud-secure");
    }

    @Test
    void withoutItsSecretsNothingIsAskedOfAzure() {
        azure.interfere((number, method, path) -> Optional.empty());
        assertThatThrownBy(() -> platform(SecretSource.environment(Map.of())))
                .hasMessageContaining("TXLOOKUP_DATABASE_PASSWORD")
                .hasMessageContaining("TXLOOKUP_CURSOR_SECRET");
        assertThat(azure.requests()).isEmpty();
    }

    @Test
    void aSecretIsNotInAnyAnswerAboutADeployment() throws Exception {
        makeGroup();
        base();
        deployments()
                .run("txlookup-data", TemplateLayer.DATA.template(), parameters.data(new Secret("hunter2-hunter2")));
        ArmClient client = client();
        for (String path : List.of(
                "/providers/Microsoft.Resources/deployments/txlookup-data",
                "/providers/Microsoft.DBforPostgreSQL/flexibleServers/team4-txlookup-pg-kim-dev")) {
            URI address = client.address(GROUP + path, "api-version=2021-04-01");
            assertThat(client.read(address).body().toString()).contains("team4").doesNotContain("hunter2");
        }
    }

    @Test
    void aClusterGetsNodesAndLosesNoneAndNoServerBecomesOne() throws Exception {
        makeGroup();
        cluster(3);
        assertThatThrownBy(() -> cluster(2)).hasMessageContaining("not taken away");
        cluster(4);
        assertThatThrownBy(() -> data(parameters)).hasMessageContaining("a cluster no server");
    }

    private void cluster(int nodes) throws Exception {
        Profile spread = Environments.profile(
                "cloud-test", "kim", "dev", "database.distribution=citus", "database.nodes=" + nodes);
        data(new EnvironmentParameters(spread, Environments.inputs(spread)));
    }

    private void data(EnvironmentParameters of) throws Exception {
        deployments().run("txlookup-data", TemplateLayer.DATA.template(), of.data(new Secret("Only-for-practice-1")));
    }

    private JsonNode base() throws Exception {
        return deployments().run("txlookup-base", TemplateLayer.BASE.template(), parameters.base());
    }

    private void makeGroup() throws Exception {
        resources().makeGroup();
    }

    private EnvironmentResources resources() {
        return new EnvironmentResources(client(), FakeAzure.SUBSCRIPTION, parameters, waiting);
    }

    private txlookup.azure.arm.ArmId group() {
        return resources().group();
    }

    private Deployments deployments() {
        return new Deployments(client(), group(), waiting, Duration.ofHours(1));
    }

    private AzurePlatform platform() {
        return platform(Platforms.SECRETS);
    }

    private AzurePlatform platform(SecretSource secrets) {
        return Platforms.of(azure, PROFILE, secrets, waiting);
    }

    private ArmClient client() {
        return client(Duration.ofMinutes(10));
    }

    private ArmClient client(Duration patience) {
        return Platforms.client(azure, waiting, patience);
    }
}
