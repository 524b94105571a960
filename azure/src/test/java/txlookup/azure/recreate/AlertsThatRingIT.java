package txlookup.azure.recreate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.fake.FakeWorld;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.azure.template.Environments;
import txlookup.azure.template.TemplateLayer;
import txlookup.gate.model.SloFile;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;

/** Alerts on a workspace as Azure has them: no table before its first row, rows that come late, keys that end. */
@Timeout(60)
@Tag("nightly")
class AlertsThatRingIT {
    private static final Profile PROFILE = Environments.profile("cloud-test", "kim", "dev");
    private static final String GROUP = FakeWorld.group("team4-txlookup-rg-kim-dev");
    private static final Instant CUTOVER = Instant.parse("2026-11-21T01:07:33Z");
    private static final GenerationNumber GENERATION = GenerationNumber.fromCutover(CUTOVER);

    private final Clockwork waiting = new Clockwork();
    private FakeAzure azure;

    @BeforeEach
    void start() throws Exception {
        azure = FakeAzure.start(0, new FakeAzure.Slowness(2, 1, 1, 0, 5));
        azure.arrange(world -> world.put(GROUP, Map.of("env", "dev", "owner", "kim", "project", "txlookup")));
        deploy(TemplateLayer.BASE);
    }

    @AfterEach
    void stop() {
        azure.close();
    }

    /** learntocloud/learn-to-cloud-app#586: a rule over a table without a row "failed to resolve table". */
    @Test
    void aRuleOverATableWithoutRowsIsRefusedUnlessItsQueryStandsWithoutIt() throws Exception {
        ObjectNode plain = (ObjectNode) JsonMapper.shared()
                .readTree(TemplateLayer.MONITORING
                        .template()
                        .toString()
                        .replaceAll("union isfuzzy=true \\(datatable\\([^)]*\\)\\[]\\), AppMetrics", "AppMetrics"));
        assertThatThrownBy(() -> deployments()
                        .run("plain", plain, parameters(PROFILE).monitoring(GENERATION, CUTOVER, SloFile.shipped())))
                .hasMessageContaining("Failed to resolve table");

        deploy(TemplateLayer.MONITORING);
        new Alerts(resources(), parameters(PROFILE)).require();

        servicesSend();
        deployments().run("plain", plain, parameters(PROFILE).monitoring(GENERATION, CUTOVER, SloFile.shipped()));
    }

    @Test
    void aBreachFiresAndClearsOnceServicesSendTheirMetrics() throws Exception {
        deploy(TemplateLayer.MONITORING);
        servicesSend();

        breach(PROFILE).require(GENERATION);

        assertThat(resources().alerts()).singleElement().satisfies(alert -> assertThat(alert.path("properties")
                        .path("essentials")
                        .path("monitorCondition")
                        .asString())
                .isEqualTo("Resolved"));
        breach(PROFILE).require(GENERATION);
        assertThat(resources().alerts()).as("an earlier alert is no answer").hasSize(2);
    }

    /** The limits are the profile's: 200 ms and 2 %. */
    @Test
    void lookupsThatFailOrAreSlowRingAndThoseThatMissDoNot() throws Exception {
        deploy(TemplateLayer.MONITORING);
        lookups("404", 98, 9.8);
        lookups("500", 2, 0.2);
        assertThat(firing()).as("2 of 100, 100 ms each").isEmpty();
        lookups("503", 1, 0.1);
        assertThat(firing()).containsExactly("team4-txlookup-alerr-kim-dev");
        lookups("200", 10, 9);
        assertThat(firing()).contains("team4-txlookup-allat-kim-dev");
    }

    private List<String> firing() throws Exception {
        for (int i = 0; i < 6; i++) {
            resources().alerts();
        }
        return resources().alerts().stream()
                .map(alert -> alert.path("properties").path("essentials"))
                .filter(alert -> alert.path("monitorCondition").asString("").equals("Fired"))
                .map(alert -> alert.path("alertRule").asString(""))
                .map(id -> id.substring(id.lastIndexOf('/') + 1))
                .toList();
    }

    private void lookups(String status, int count, double seconds) throws Exception {
        assertThat(send(
                        connection(),
                        "\"metrics\":[{\"name\":\"txlookup_api_request_seconds\",\"value\":%s,\"count\":%d}],\"properties\":{\"route\":\"/admin/tx/{tx_id}\",\"status\":\"%s\"}"
                                .formatted(seconds, count, status)))
                .isEqualTo(200);
    }

    @Test
    void withoutTheServicesMetricsItIsRed() throws Exception {
        deploy(TemplateLayer.MONITORING);
        assertThatThrownBy(() -> breach(PROFILE).require(GENERATION))
                .hasMessageContaining("team4-txlookup-alprobe-kim-dev")
                .hasMessageContaining("did not fire within PT30M");
        Profile silent = Environments.profile("cloud-test", "kim", "dev", "telemetry.exporter=none");
        assertThatThrownBy(() -> breach(silent).require(GENERATION)).hasMessageContaining("telemetry.exporter");
    }

    @Test
    void aComponentThatIsMadeAgainHasAnotherKeyAndTheOldOneFeedsNothing() throws Exception {
        String old = connection();
        azure.arrange(world ->
                world.remove(resources().id(AzureKind.APPLICATION_INSIGHTS).toString()));
        deploy(TemplateLayer.BASE);
        assertThat(connection()).isNotEqualTo(old);
        assertThat(send(old)).isEqualTo(400);
        assertThat(send(connection())).isEqualTo(200);
    }

    private void servicesSend() throws Exception {
        assertThat(send(connection())).isEqualTo(200);
        for (int i = 0; i < 5; i++) {
            resources().alerts();
        }
    }

    private String connection() throws Exception {
        return resources()
                .properties(AzureKind.APPLICATION_INSIGHTS)
                .path("ConnectionString")
                .asString();
    }

    private int send(String connection) throws Exception {
        return send(connection, "\"metrics\":[{\"name\":\"txlookup_lag\",\"value\":0}]");
    }

    private int send(String connection, String data) throws Exception {
        String key = connection.replaceAll("InstrumentationKey=([^;]+);.*", "$1");
        String item = "{\"name\":\"Metric\",\"iKey\":\"%s\",\"data\":{\"baseType\":\"MetricData\",\"baseData\":{%s}}}"
                .formatted(key, data);
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(azure.endpoint() + "/v2.1/track"))
                                .POST(HttpRequest.BodyPublishers.ofString(item))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    private void deploy(TemplateLayer layer) throws IOException, InterruptedException {
        EnvironmentParameters parameters = parameters(PROFILE);
        deployments()
                .run(
                        "txlookup-" + layer,
                        layer.template(),
                        layer == TemplateLayer.BASE
                                ? parameters.base()
                                : parameters.monitoring(GENERATION, CUTOVER, SloFile.shipped()));
    }

    private static EnvironmentParameters parameters(Profile profile) {
        return new EnvironmentParameters(profile, Environments.inputs(profile));
    }

    private SyntheticBreach breach(Profile profile) {
        return new SyntheticBreach(resources(), parameters(profile), waiting);
    }

    private EnvironmentResources resources() {
        return new EnvironmentResources(
                Platforms.client(azure, waiting, Duration.ofMinutes(10)),
                FakeAzure.SUBSCRIPTION,
                parameters(PROFILE),
                waiting);
    }

    private Deployments deployments() {
        return new Deployments(
                Platforms.client(azure, waiting, Duration.ofMinutes(10)),
                resources().group(),
                waiting,
                Duration.ofHours(1));
    }
}
