package txlookup.azure.revision;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmId;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.fake.FakeWorld;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.recreate.Clockwork;
import txlookup.rebuild.platform.GateResult;

/** An app on a fake with one revision that serves, and a judge that says what a test wants. */
final class RolloutPractice implements AutoCloseable {
    static final String FIRST = "kim.azurecr.io/txlookup@sha256:" + "a1".repeat(32);
    static final String SECOND = "kim.azurecr.io/txlookup@sha256:" + "b2".repeat(32);
    static final String THIRD = "kim.azurecr.io/txlookup@sha256:" + "c3".repeat(32);
    static final String APP_NAME = "team4-tx-api-kim-d";
    static final String OF_FIRST = APP_NAME + "--0000001";
    static final String OF_SECOND = APP_NAME + "--ib2b2b2b2b2b2";
    static final String OF_THIRD = APP_NAME + "--ic3c3c3c3c3c3";

    private static final String GROUP = FakeWorld.group("team4-txlookup-rg-kim-dev");
    private static final String APP = GROUP + "/providers/Microsoft.App/containerApps/" + APP_NAME;

    final RevisionServices services = new RevisionServices();
    final FakeAzure azure;
    /** Gates that fail, each as often as it is named. */
    final List<String> failing = new ArrayList<>();
    /** Addresses that passed the objectives. */
    final Set<URI> passed = new HashSet<>();

    /** Whether it had the traffic when its gates were asked. */
    boolean movedBeforeItPassed;

    final Clockwork waiting = new Clockwork();
    private int prepared;

    RolloutPractice() throws IOException, InterruptedException {
        azure = FakeAzure.start(0, new FakeAzure.Slowness(1, 1, 1, 0, 5), services);
        azure.arrange(world -> world.put(GROUP, Map.of("env", "dev")));
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("location", "koreacentral");
        ObjectNode properties = body.putObject("properties");
        ObjectNode configuration = properties.putObject("configuration").put("activeRevisionsMode", "Single");
        configuration
                .putObject("ingress")
                .putArray("traffic")
                .addObject()
                .put("latestRevision", true)
                .put("weight", 100);
        configuration.putArray("secrets").addObject().put("name", "cursor").put("value", "kept");
        ObjectNode template = properties.putObject("template");
        template.putArray("containers").addObject().put("name", "api").put("image", FIRST);
        ArmClient client = client();
        client.send("PUT", client.address(APP, "api-version=" + AzureKind.API_APP.apiVersion()), body);
    }

    private ArmClient client() {
        return new ArmClient(
                azure.endpoint(),
                Optional::empty,
                waiting,
                new ArmClient.Limits(Duration.ofSeconds(5), Duration.ofMinutes(10)),
                call -> {});
    }

    AppRevisions revisions() {
        return revisions(client());
    }

    private AppRevisions revisions(ArmClient client) {
        return new AppRevisions(client, ArmId.of(APP), AzureKind.API_APP.apiVersion(), waiting);
    }

    Rollout rollout() {
        return rollout(client());
    }

    Rollout rollout(ArmClient client) {
        return new Rollout(revisions(client), judge(), waiting, Duration.ofMinutes(1), line -> {});
    }

    Decided deploy(Rollout rollout, String image) throws IOException, InterruptedException {
        return rollout.deploy(image, () -> prepared++);
    }

    int prepared() {
        return prepared;
    }

    String secret() throws IOException, InterruptedException {
        ArmClient client = client();
        return client.send(
                        "POST",
                        client.address(APP + "/listSecrets", "api-version=" + AzureKind.API_APP.apiVersion()),
                        null)
                .body()
                .path("value")
                .path(0)
                .path("value")
                .asString();
    }

    private RevisionJudge judge() {
        return new RevisionJudge() {
            @Override
            public List<GateResult> smoke(URI api) {
                return List.of(result("smoke hit"));
            }

            @Override
            public List<GateResult> objectives(URI api) {
                List<String> served = azure.served();
                movedBeforeItPassed |= served.get(served.size() - 1).equals(OF_SECOND);
                GateResult errors = result("SLO api-errors");
                if (errors.passed()) {
                    passed.add(api);
                }
                return List.of(errors);
            }
        };
    }

    private GateResult result(String gate) {
        boolean fails = failing.remove(gate);
        return new GateResult(gate, !fails, fails ? "5 %" : "0 %", "below 2 %");
    }

    @Override
    public void close() {
        azure.close();
        services.close();
    }
}
