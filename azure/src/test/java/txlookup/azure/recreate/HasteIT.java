package txlookup.azure.recreate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.azure.arm.PassingErrors;
import txlookup.azure.fake.FakeAnswer;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.fake.FakeWorld;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.template.AppsPart;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.azure.template.Environments;
import txlookup.azure.template.TemplateLayer;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.Secret;

/** What Azure refuses to those in a hurry is asked for again, and nothing else is. */
@Timeout(60)
class HasteIT {
    private static final Profile PROFILE = Environments.profile("cloud-test", "kim", "dev", "secrets.mode=key-vault");
    private static final String GROUP = FakeWorld.group("team4-txlookup-rg-kim-dev");

    private final EnvironmentParameters parameters = new EnvironmentParameters(PROFILE, Environments.inputs(PROFILE));
    private final Clockwork waiting = new Clockwork();
    private FakeAzure azure;

    @BeforeEach
    void start() throws Exception {
        azure = FakeAzure.start(0, new FakeAzure.Slowness(1, 1, 1, 0, 5));
        resources().makeGroup();
    }

    @AfterEach
    void stop() {
        azure.close();
    }

    /** Azure/azure-postgresql#134: the server is there, and busy. */
    @Test
    void aServerThatIsBusyIsAskedAgain() throws Exception {
        data();
        assertThat(puts("/deployments/data")).isGreaterThan(1);
    }

    /** hashicorp/terraform-provider-azurerm#12020. */
    @Test
    void aNamespacesNameIsAskedForUntilItIsFree() throws Exception {
        data();
        azure.arrange(world -> world.remove(resources().id(AzureKind.EVENT_HUBS).toString()));
        azure.interfere((number, method, path) -> Optional.empty());
        data();
        assertThat(puts("/deployments/data")).isGreaterThan(1);
    }

    /** microsoft/azure-container-apps#836 and #1174: roles hold minutes after they were assigned. */
    @Test
    void anAppIsAskedForUntilItsRolesHold() throws Exception {
        run("base", TemplateLayer.BASE, parameters.base());
        data();
        run(
                "access",
                TemplateLayer.ACCESS,
                parameters.access(
                        new EnvironmentParameters.Principals("job-1", "consumer-2", "api-3", ""),
                        Environments.secrets(PROFILE)));
        run(
                "api",
                TemplateLayer.APPS,
                parameters.apps(
                        AppsPart.API,
                        new EnvironmentParameters.ContainerIdentity("4-5-6", "/subscriptions/x"),
                        Environments.secrets(PROFILE),
                        null));
        assertThat(puts("/deployments/api")).isGreaterThan(1);
    }

    @Test
    void anAppWithoutItsRolesIsGivenUpWithTheReason() throws Exception {
        run("base", TemplateLayer.BASE, parameters.base());
        Map<String, JsonNode> api = parameters.apps(
                AppsPart.API,
                new EnvironmentParameters.ContainerIdentity("4-5-6", "/subscriptions/x"),
                Environments.secrets(PROFILE),
                null);
        assertThatThrownBy(() -> deployments(Duration.ofMinutes(1)).run("api", TemplateLayer.APPS.template(), api))
                .hasMessageContaining("is not done after PT1M")
                .hasMessageContaining("unable to pull image");
    }

    @Test
    void aDeploymentThatWasTakenAndIsNeverSeenSaysSo() {
        azure.interfere((number, method, path) -> method.equals("GET") && path.contains("/deployments/")
                ? Optional.of(FakeAnswer.error(404, "DeploymentNotFound", "not here"))
                : Optional.empty());
        assertThatThrownBy(() -> run("base", TemplateLayer.BASE, parameters.base()))
                .hasMessageContaining("was taken and is not there")
                .hasMessageNotContaining("without a reason");
    }

    /** A lost answer to a start, and a list that does not show what runs, do not start it twice. */
    @Test
    void aJobWhoseStartIsUnansweredIsNotStartedTwice() throws Exception {
        run("base", TemplateLayer.BASE, parameters.base());
        data();
        run(
                "access",
                TemplateLayer.ACCESS,
                parameters.access(
                        new EnvironmentParameters.Principals("job-1", "consumer-2", "api-3", ""),
                        Environments.secrets(PROFILE)));
        run(
                "migrate",
                TemplateLayer.APPS,
                parameters.apps(
                        AppsPart.MIGRATE,
                        new EnvironmentParameters.ContainerIdentity("4-5-6", "/subscriptions/x"),
                        Environments.secrets(PROFILE),
                        null));
        int[] starts = new int[1];
        azure.interfere((number, method, path) -> path.endsWith("/start") && starts[0]++ == 0
                ? Optional.of(FakeAnswer.error(502, "BadGateway", "lost").withActing())
                : Optional.empty());
        new ContainerJobs(
                        Platforms.client(azure, waiting, Duration.ofMinutes(10)),
                        waiting,
                        AzureKind.MIGRATE_JOB.apiVersion())
                .run(resources().id(AzureKind.MIGRATE_JOB), Duration.ofMinutes(10));
        assertThat(azure.requests())
                .filteredOn(request -> request.endsWith("/start"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"code\":\"Conflict\",\"details\":[{\"code\":\"ServerIsBusy\",\"message\":\"later\"}]}",
                "{\"code\":\"DeploymentFailed\",\"details\":[{\"code\":\"BadRequest\",\"message\":\"{\\r\\n \\\"error\\\": {\\\"code\\\": \\\"ServerBusy\\\"}}\"}]}",
                "{\"code\":\"BadRequest\",\"message\":\"The specified name is not available. For more\"}",
                "{\"code\":\"ConflictError\",\"message\":\"changed from the point the operation began\"}"
            })
    void whatPassesIsKnownHoweverItIsNested(String error) {
        assertThat(PassingErrors.passes(JsonMapper.shared().readTree(error))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"code\":\"ConflictError\",\"message\":\"A vault with the same name already exists in deleted state.\"}",
                "{\"code\":\"BadRequest\",\"message\":\"{ not JSON, ServerIsBusy\"}",
                "{\"code\":\"RequestDisallowedByPolicy\",\"message\":\"no public addresses\"}",
                "{}"
            })
    void whatDoesNotPassIsNotAskedAgain(String error) {
        assertThat(PassingErrors.passes(JsonMapper.shared().readTree(error))).isFalse();
    }

    private long puts(String deployment) {
        return azure.requests().stream()
                .filter(request -> request.startsWith("PUT") && request.endsWith(deployment))
                .count();
    }

    private void data() throws Exception {
        run("data", TemplateLayer.DATA, parameters.data(new Secret("hunter2-hunter2")));
    }

    private void run(String name, TemplateLayer layer, Map<String, JsonNode> given) throws Exception {
        deployments(Duration.ofHours(1)).run(name, layer.template(), given);
    }

    private Deployments deployments(Duration patience) {
        return new Deployments(
                Platforms.client(azure, waiting, Duration.ofMinutes(10)),
                resources().group(),
                waiting,
                patience);
    }

    private EnvironmentResources resources() {
        return new EnvironmentResources(
                Platforms.client(azure, waiting, Duration.ofMinutes(10)), FakeAzure.SUBSCRIPTION, parameters, waiting);
    }
}
