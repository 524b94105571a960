package txlookup.azure.recreate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.fake.FakeServices;
import txlookup.azure.fake.FakeWorld;
import txlookup.azure.template.Environments;
import txlookup.profiles.Profile;

/** In a private network of the fake the operator reaches nothing, as in Azure's; what runs inside reaches everything. */
@Timeout(60)
class PrivateNetworkIT {
    private static final String SERVER = "127.0.0.1:50001";
    private static final String NAMESPACE = "127.0.0.1:50002";
    private static final String APP = "127.0.0.1:50003";
    private static final String REVISION = "127.0.0.1:50004";
    private static final String BLOBS = "http://127.0.0.1:50005/";

    private final Clockwork waiting = new Clockwork();
    private FakeServices.Container started;
    private FakeAzure azure;

    /** Addresses that nobody is at; what is told of them is what counts. */
    private final class Addresses implements FakeServices {
        @Override
        public String server(String name, String administrator, String password) {
            return SERVER;
        }

        @Override
        public void database(String server, String name) {}

        @Override
        public String namespace(String name) {
            return NAMESPACE;
        }

        @Override
        public void hub(String namespace, String name, int partitions) {}

        @Override
        public String storage(String name) {
            return BLOBS;
        }

        @Override
        public String revision(String app, String revision, Container container) {
            return REVISION;
        }

        @Override
        public String route(String app, Map<String, Integer> weights) {
            return APP;
        }

        @Override
        public CompletableFuture<Boolean> job(String name, Container container) {
            started = container;
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public void removed(String type, String name) {}
    }

    @BeforeEach
    void start() throws IOException {
        azure = FakeAzure.start(0, new FakeAzure.Slowness(1, 1, 1, 0, 1_000), new Addresses());
    }

    @AfterEach
    void stop() {
        azure.close();
    }

    @Test
    void aSecuredEnvironmentsAddressesLeadNowhereFromOutsideAndToItsServicesFromInside() throws Exception {
        Profile secured = Environments.profile("cloud-secure", "kim", "prod");
        make(secured, "team4-txlookup-rg-kim-prod");
        String outside = told(azure.endpoint(), "team4-txlookup-rg-kim-prod", "-kim-prod");
        assertThat(outside).doesNotContain(SERVER, NAMESPACE, APP, REVISION);
        assertThat(told(azure.inside(), "team4-txlookup-rg-kim-prod", "-kim-prod"))
                .contains(SERVER, NAMESPACE, APP, REVISION);
        assertThat(Groundwork.blobs(client(azure.endpoint()), Target.of(FakeAzure.SUBSCRIPTION, secured), waiting))
                .as("the account is in no private network")
                .hasValue(URI.create(BLOBS));

        assertThat(azure.knocks()).isZero();
        int port = Integer.parseInt(outside.replaceAll("(?s).*127\\.0\\.0\\.1:(\\d+).*", "$1"));
        try (Socket knocking = new Socket(InetAddress.getLoopbackAddress(), port)) {
            assertThat(knocking.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(azure.knocks()).isEqualTo(1);
    }

    @Test
    void whoAsksFromInsideFollowsLinksAndOperationsThere() throws Exception {
        Profile secured = Environments.profile("cloud-secure", "kim", "prod");
        groundwork(secured, azure.inside()).make(List.of("env", "recreate"), line -> {});
        String all = "/subscriptions/" + FakeAzure.SUBSCRIPTION + "/resources";
        assertThat(client(azure.inside()).list(all, "api-version=2021-04-01"))
                .as("more than one page")
                .hasSizeGreaterThan(8)
                .hasSameSizeAs(client(azure.endpoint()).list(all, "api-version=2021-04-01"));
    }

    @Test
    void aPublicEnvironmentIsReachedFromBothSides() throws Exception {
        make(Environments.profile("cloud-test", "kim", "dev"), "team4-txlookup-rg-kim-dev");
        String outside = told(azure.endpoint(), "team4-txlookup-rg-kim-dev", "-kim-dev");
        assertThat(outside)
                .contains(SERVER, NAMESPACE, APP, REVISION)
                .isEqualTo(told(azure.inside(), "team4-txlookup-rg-kim-dev", "-kim-dev"));
    }

    @Test
    void aJobAsksTheResourceManagerFromInside() throws Exception {
        Profile secured = Environments.profile("cloud-secure", "kim", "prod");
        groundwork(secured)
                .make(List.of("env", "deploy", "--arm", azure.endpoint().toString()), line -> {});
        WithinJob job = new WithinJob(client(azure.endpoint()), Target.of(FakeAzure.SUBSCRIPTION, secured), waiting);
        String execution = job.start();
        assertThat(started.arguments())
                .contains(azure.inside().toString())
                .doesNotContain(azure.endpoint().toString());
        assertThat(job.deployed().orElseThrow().command())
                .as("what it was told stays: %s", execution)
                .contains(azure.endpoint().toString());
    }

    private void make(Profile profile, String group) throws Exception {
        groundwork(profile).make(List.of("env", "recreate"), line -> {});
        String environment = azure.ids().stream()
                .filter(id -> id.contains("/managedEnvironments/"))
                .findFirst()
                .orElseThrow();
        ObjectNode app = JsonNodeFactory.instance.objectNode();
        app.putObject("properties").put("environmentId", environment);
        app.withObject("/properties/configuration/ingress").put("fqdn", APP);
        ObjectNode revision = JsonNodeFactory.instance.objectNode();
        revision.putObject("properties").put("fqdn", REVISION);
        azure.arrange(world -> world.put(appId(group), app).put(appId(group) + "/revisions/one", revision));
    }

    private static String appId(String group) {
        return FakeWorld.group(group) + "/providers/Microsoft.App/containerApps/one";
    }

    /** What those who ask there are told of server, namespace, app and revision. */
    private String told(URI arm, String group, String end) throws Exception {
        StringBuilder told = new StringBuilder();
        for (String resource : List.of(
                "Microsoft.App/containerApps/one",
                "Microsoft.App/containerApps/one/revisions/one",
                "Microsoft.EventHub/namespaces/team4-txlookup-eh" + end,
                "Microsoft.DBforPostgreSQL/flexibleServers/team4-txlookup-pg" + end)) {
            JsonNode properties = client(arm)
                    .read(client(arm)
                            .address(FakeWorld.group(group) + "/providers/" + resource, "api-version=2025-01-01"))
                    .body()
                    .path("properties");
            assertThat(properties.isObject()).as(resource).isTrue();
            told.append(properties).append('\n');
        }
        return told.toString();
    }

    private Groundwork groundwork(Profile profile) {
        return groundwork(profile, azure.endpoint());
    }

    private Groundwork groundwork(Profile profile, URI arm) {
        return new Groundwork(
                Target.of(FakeAzure.SUBSCRIPTION, profile),
                profile,
                Environments.inputs(profile),
                Platforms.SECRETS,
                client(arm),
                waiting,
                AzurePlatform.Patience.usual());
    }

    private ArmClient client(URI arm) {
        return new ArmClient(
                arm,
                Optional::empty,
                waiting,
                new ArmClient.Limits(Duration.ofSeconds(5), Duration.ofMinutes(10)),
                call -> {});
    }
}
