package txlookup.cli.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.fake.FakeWorld;
import txlookup.azure.template.PrivateNetwork;
import txlookup.azure.template.TemplateLayer;
import txlookup.profiles.ProfileLoader;
import txlookup.profiles.ResolvedProfile;

/** {@code env promote --network}: one deployment of the network's template in place of the ids of seven parts. */
@Timeout(60)
class NetworkOptionIT {
    private static final String IMAGE = "registry.example/txlookup@sha256:" + "ab".repeat(32);
    private static final String GROUP = FakeWorld.group("team4-net");
    private static final String DEPLOYMENT = GROUP + "/providers/Microsoft.Resources/deployments/txlookup-network";
    private static final String NETWORKS = GROUP + "/providers/Microsoft.Network/";

    private final ResolvedProfile secured =
            new ProfileLoader(Path.of(""), Map.of()).resolve("cloud-secure", Map.of("owner", "kim", "env", "prod"));
    private FakeAzure azure;
    private ArmClient client;

    @BeforeEach
    void start() throws Exception {
        azure = FakeAzure.start(0, new FakeAzure.Slowness(1, 0, 1, 0, 1_000));
        azure.arrange(world -> world.put(GROUP, Map.of("owner", "team4")));
        client = new ArmClient(
                azure.endpoint(),
                Optional::empty,
                Sleeper.real(),
                new ArmClient.Limits(Duration.ofSeconds(5), Duration.ofSeconds(10)),
                call -> {});
    }

    @AfterEach
    void stop() {
        azure.close();
    }

    @Test
    void thePartsOfTheNetworkAreWhatItsDeploymentMade() throws Exception {
        deploy();
        while (!state().equals("Succeeded")) {
            assertThat(state()).isNotEqualTo("Failed");
        }
        assertThat(given(DEPLOYMENT).inputs(secured, secured.text()).network())
                .contains(new PrivateNetwork(
                        NETWORKS + "virtualNetworks/team4-net/subnets/containers",
                        NETWORKS + "virtualNetworks/team4-net/subnets/postgres",
                        NETWORKS + "virtualNetworks/team4-net/subnets/endpoints",
                        NETWORKS + "privateDnsZones/txlookup.private.postgres.database.azure.com",
                        NETWORKS + "privateDnsZones/privatelink.vaultcore.azure.net",
                        NETWORKS + "privateDnsZones/privatelink.azurecr.io",
                        NETWORKS + "privateDnsZones/privatelink.servicebus.windows.net"));
    }

    @Test
    void aDeploymentThatIsNotThereOrNotDoneIsRefused() throws Exception {
        assertThatThrownBy(() -> given(DEPLOYMENT).inputs(secured, secured.text()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("--network " + DEPLOYMENT, "give the id of a deployment");
        deploy();
        state();
        assertThatThrownBy(() -> given(DEPLOYMENT).inputs(secured, secured.text()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("the deployment is Running", "wait until it has succeeded");
    }

    private void deploy() throws Exception {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode properties = body.putObject("properties").put("mode", "Incremental");
        properties.set("template", TemplateLayer.VIRTUAL_NETWORK.template());
        ObjectNode parameters = properties.putObject("parameters");
        Map.of(
                        "location",
                        "koreacentral",
                        "networkName",
                        "team4-net",
                        "postgresDnsZoneName",
                        "txlookup.private.postgres.database.azure.com")
                .forEach((name, value) -> parameters.putObject(name).put("value", value));
        parameters.putObject("tags").putObject("value").put("owner", "team4");
        assertThat(client.send("PUT", client.address(DEPLOYMENT, "api-version=2021-04-01"), body)
                        .isSuccess())
                .isTrue();
    }

    private String state() throws Exception {
        return client.read(client.address(DEPLOYMENT, "api-version=2021-04-01"))
                .body()
                .at("/properties/provisioningState")
                .asString("");
    }

    private EnvInputs given(String network) {
        return CommandLine.populateCommand(
                new EnvInputs(), "--image", IMAGE, "--arm", azure.endpoint().toString(), "--network", network);
    }
}
