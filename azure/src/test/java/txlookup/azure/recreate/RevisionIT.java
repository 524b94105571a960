package txlookup.azure.recreate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.JsonNodeFactory;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.fake.FakeWorld;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.revision.AppRevisions;
import txlookup.azure.revision.RevisionReadiness;
import txlookup.azure.revision.RevisionServices;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.azure.template.Environments;
import txlookup.azure.template.Inputs;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;

/** A rebuild's lookup API gets nobody's requests before GO; and what others tagged stays. */
@Timeout(60)
class RevisionIT {
    private static final Profile PROFILE = Making.PROFILE;
    private static final String GROUP = FakeWorld.group("team4-txlookup-rg-kim-dev");
    private static final String APP = "team4-tx-api-kim-d";
    private static final GenerationNumber NEXT = new GenerationNumber(20261121100000L);
    private static final String OTHER = "registry.example/txlookup@sha256:" + "cd".repeat(32);
    private static final String THIRD = "registry.example/txlookup@sha256:" + "ef".repeat(32);

    private final EnvironmentParameters parameters = new EnvironmentParameters(PROFILE, Environments.inputs(PROFILE));
    private final Clockwork waiting = new Clockwork();
    private final RevisionServices services = new RevisionServices();
    private FakeAzure azure;

    @BeforeEach
    void start() throws Exception {
        azure = FakeAzure.start(0, new FakeAzure.Slowness(1, 1, 1, 0, 5), services);
    }

    @AfterEach
    void stop() {
        azure.close();
        services.close();
    }

    @Test
    void theFirstOneOfAnEnvironmentHasTheRequestsForNobodyElseHasThem() throws Exception {
        Making.run(client());
        String first = served();
        ApiRevision again = api(Environments.inputs(PROFILE));
        again.start(NEXT, Environments.secrets(PROFILE), Duration.ofMinutes(1));
        again.accept();
        assertThat(allServed())
                .as("the same image and profile are the same revision")
                .containsExactly(first);
        assertThat(azure.active(APP)).containsExactly(first);
    }

    @Test
    void anotherImageHasNoRequestsUntilItIsAcceptedAndTheEarlierOneIsTheWayBack() throws Exception {
        Making.run(client());
        String first = served();
        ApiRevision other = api(image(OTHER));
        assertThat(other.start(NEXT, Environments.secrets(PROFILE), Duration.ofMinutes(1)))
                .isEqualTo(other.address());
        assertThat(served()).as("not judged yet").isEqualTo(first);
        assertThat(azure.active(APP)).hasSize(2);
        assertThat(traffic()).contains("\"candidate\"");

        other.accept();

        String second = served();
        assertThat(second).isNotEqualTo(first);
        assertThat(azure.active(APP)).as("the way back").containsExactlyInAnyOrder(first, second);
        assertThat(traffic()).contains("\"previous\"").doesNotContain("\"candidate\"");

        ApiRevision third = api(image(THIRD));
        third.start(NEXT, Environments.secrets(PROFILE), Duration.ofMinutes(1));
        third.accept();
        assertThat(azure.active(APP)).containsExactlyInAnyOrder(second, served());
    }

    @Test
    void whatIsNotReadyOrRejectedNeverHadARequestAndStops() throws Exception {
        Making.run(client());
        String first = served();
        services.breaks(parametersOf(OTHER).image());
        ApiRevision broken = api(image(OTHER));
        assertThatThrownBy(() -> broken.start(NEXT, Environments.secrets(PROFILE), Duration.ofMinutes(1)))
                .isInstanceOf(RevisionReadiness.NotReadyException.class)
                .hasMessageContaining("is not ready");
        broken.reject();
        assertThat(allServed()).containsExactly(first);
        assertThat(azure.active(APP)).containsExactly(first);

        services.mends(parametersOf(OTHER).image());
        ApiRevision mended = api(image(OTHER));
        mended.start(NEXT, Environments.secrets(PROFILE), Duration.ofMinutes(1));
        mended.accept();
        assertThat(allServed()).as("Azure starts no used suffix by itself").hasSize(2);
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
        var older = JsonNodeFactory.instance.objectNode().put("ttl", "2020-01-01");
        parameters.keepTags(older);
        assertThat(parameters.tags().path("ttl").asString()).isEqualTo("2026-12-31");
        Profile secure = Environments.profile("cloud-secure", "kim", "prod");
        EnvironmentParameters lasting = new EnvironmentParameters(secure, Environments.inputs(secure));
        lasting.keepTags(older);
        assertThat(lasting.tags().has("ttl")).isFalse();
    }

    private String served() {
        return allServed().get(allServed().size() - 1);
    }

    private List<String> allServed() {
        return azure.served().stream()
                .filter(revision -> revision.startsWith(APP))
                .toList();
    }

    private String traffic() throws Exception {
        String app = GROUP + "/providers/Microsoft.App/containerApps/" + APP;
        return client().read(client().address(app, "api-version=" + AzureKind.API_APP.apiVersion()))
                .body()
                .at("/properties/configuration/ingress/traffic")
                .toString();
    }

    private static Inputs image(String image) {
        Inputs usual = Environments.inputs(PROFILE);
        return new Inputs(
                image,
                usual.profile(),
                usual.network(),
                usual.operatorAddress(),
                usual.producers(),
                usual.emails(),
                Optional.empty(),
                false);
    }

    private static EnvironmentParameters parametersOf(String image) {
        return new EnvironmentParameters(PROFILE, image(image));
    }

    private ApiRevision api(Inputs inputs) {
        EnvironmentParameters of = new EnvironmentParameters(PROFILE, inputs);
        EnvironmentResources resources = new EnvironmentResources(client(), FakeAzure.SUBSCRIPTION, of, waiting);
        Deployments deployments = new Deployments(client(), resources.group(), waiting, Duration.ofHours(1));
        AppRevisions revisions =
                new AppRevisions(client(), resources.id(AzureKind.API_APP), AzureKind.API_APP.apiVersion(), waiting);
        return new ApiRevision(
                of,
                resources,
                new ContainerParts(
                        of,
                        resources,
                        deployments,
                        new TemplateDeployments(deployments, resources.group().name()),
                        new ContainerJobs(client(), waiting, AzureKind.MIGRATE_JOB.apiVersion())),
                revisions,
                new RevisionReadiness(revisions, waiting));
    }

    private EnvironmentResources resources() {
        return new EnvironmentResources(client(), FakeAzure.SUBSCRIPTION, parameters, waiting);
    }

    private ArmClient client() {
        return Platforms.client(azure, waiting, Duration.ofMinutes(10));
    }
}
