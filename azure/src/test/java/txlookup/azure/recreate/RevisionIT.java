package txlookup.azure.recreate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.fake.FakeAnswer;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.fake.FakeWorld;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.template.AppsPart;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.azure.template.Environments;
import txlookup.profiles.Profile;

/** Under one address the earlier revision answers until the newest is ready; and what others tagged stays. */
@Timeout(60)
class RevisionIT {
    private static final Profile PROFILE = Environments.profile("cloud-test", "kim", "dev");
    private static final String GROUP = FakeWorld.group("team4-txlookup-rg-kim-dev");
    private static final String APP = GROUP + "/providers/Microsoft.App/containerApps/team4-tx-api-kim-d";

    private final EnvironmentParameters parameters = new EnvironmentParameters(PROFILE, Environments.inputs(PROFILE));
    private final Clockwork waiting = new Clockwork();
    private FakeAzure azure;
    private HttpServer earlier;

    @BeforeEach
    void start() throws Exception {
        earlier = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        earlier.createContext("/ready", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        earlier.start();
        azure = FakeAzure.start(0, new FakeAzure.Slowness(1, 1, 1, 0, 5));
    }

    @AfterEach
    void stop() {
        azure.close();
        earlier.stop(0);
    }

    @Test
    void anEarlierRevisionsReadinessIsNotTheNewOnes() {
        azure.interfere((number, method, path) -> path.equals(APP)
                ? Optional.of(app("team4-tx-api-kim-d--0000002", "team4-tx-api-kim-d--0000001"))
                : Optional.empty());
        assertThatThrownBy(() -> parts().awaitReady(AppsPart.API, Duration.ofMinutes(1)))
                .hasMessageContaining("revision team4-tx-api-kim-d--0000002 is not ready")
                .hasMessageContaining("team4-tx-api-kim-d--0000001");
    }

    @Test
    void theNewestRevisionIsWaitedFor() throws Exception {
        int[] asked = new int[1];
        azure.interfere((number, method, path) ->
                path.equals(APP) ? Optional.of(app("a--2", asked[0]++ < 5 ? "a--1" : "a--2")) : Optional.empty());
        assertThat(parts().awaitReady(AppsPart.API, Duration.ofMinutes(10)).getPort())
                .isEqualTo(earlier.getAddress().getPort());
        assertThat(asked[0]).isEqualTo(6);
    }

    /** A finance tag, and a ttl that sweep moved. */
    @Test
    void tagsOfOthersAndAMovedDayStayOnTheGroupAndOnWhatIsMadeInIt() throws Exception {
        azure.arrange(world -> world.put(
                GROUP,
                Map.of(
                        "env",
                        "dev",
                        "owner",
                        "kim",
                        "project",
                        "txlookup",
                        "stage",
                        "cloud-test",
                        "ttl",
                        "2027-06-30",
                        "cost",
                        "4711")));
        resources().makeGroup();
        assertThat(client().read(client().address(GROUP, "api-version=2021-04-01"))
                        .body()
                        .path("tags")
                        .toString())
                .contains("\"ttl\":\"2027-06-30\"", "\"cost\":\"4711\"", "\"owner\":\"kim\"");
        assertThat(parameters.base().get("tags").toString()).contains("2027-06-30", "4711");
    }

    @Test
    void anEarlierDayGivesWayAndAnEnvironmentThatIsNotDisposableTakesNone() {
        var older = tools.jackson.databind.node.JsonNodeFactory.instance
                .objectNode()
                .put("ttl", "2020-01-01");
        parameters.keepTags(older);
        assertThat(parameters.tags().path("ttl").asString()).isEqualTo("2026-12-31");
        Profile secure = Environments.profile("cloud-secure", "kim", "prod");
        EnvironmentParameters lasting = new EnvironmentParameters(secure, Environments.inputs(secure));
        lasting.keepTags(older);
        assertThat(lasting.tags().has("ttl")).isFalse();
    }

    private FakeAnswer app(String latest, String ready) {
        return FakeAnswer.json(
                200,
                "{\"properties\":{\"latestRevisionName\":\"%s\",\"latestReadyRevisionName\":\"%s\",\"configuration\":{\"ingress\":{\"fqdn\":\"127.0.0.1:%d\"}}}}"
                        .formatted(latest, ready, earlier.getAddress().getPort()));
    }

    private ContainerParts parts() {
        Deployments deployments = new Deployments(client(), resources().group(), waiting, Duration.ofHours(1));
        return new ContainerParts(
                parameters,
                resources(),
                deployments,
                new TemplateDeployments(deployments, resources().group().name()),
                new ContainerJobs(client(), waiting, AzureKind.MIGRATE_JOB.apiVersion()),
                new Endpoints(PROFILE),
                waiting);
    }

    private EnvironmentResources resources() {
        return new EnvironmentResources(client(), FakeAzure.SUBSCRIPTION, parameters, waiting);
    }

    private ArmClient client() {
        return Platforms.client(azure, waiting, Duration.ofMinutes(10));
    }
}
