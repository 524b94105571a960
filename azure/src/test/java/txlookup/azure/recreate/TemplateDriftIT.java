package txlookup.azure.recreate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmId;
import txlookup.azure.check.TemplateDrift;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.fake.FakeWorld;

/** An environment that somebody changed by hand, found by what-if; nothing is changed and no secret is asked for. */
@Timeout(60)
class TemplateDriftIT {
    private static final String GROUP = FakeWorld.group("team4-txlookup-rg-kim-dev");
    private static final String CONSUMER = GROUP + "/providers/Microsoft.App/containerApps/team4-tx-con-kim-d";

    private final Clockwork waiting = new Clockwork();
    private FakeAzure azure;
    private ArmClient client;

    @BeforeEach
    void start() throws Exception {
        azure = FakeAzure.start(0, new FakeAzure.Slowness(1, 1, 1, 0, 1_000));
        client = Platforms.client(azure, waiting, Duration.ofMinutes(10));
        Making.run(client);
    }

    @AfterEach
    void stop() {
        azure.close();
    }

    @Test
    void whatWasJustMadeDiffersInNothing() throws Exception {
        azure.interfere((number, method, path) -> Optional.empty());
        assertThat(drift()).isEmpty();
        assertThat(azure.requests())
                .noneMatch(request -> request.startsWith("PUT") || request.startsWith("PATCH"))
                .noneMatch(request -> request.startsWith("DELETE") || request.endsWith("/listSecrets"));
    }

    @Test
    void aSettingThatSomebodyChangedIsNamedWithBothValues() throws Exception {
        client.send(
                "PATCH",
                client.address(CONSUMER, "api-version=2025-07-01"),
                JsonMapper.shared()
                        .readTree("{\"properties\":{\"configuration\":{\"ingress\":{\"targetPort\":1}},"
                                + "\"template\":{\"scale\":{\"maxReplicas\":9}}}}"));
        assertThat(drift())
                .extracting(TemplateDrift.Difference::what)
                .anyMatch(what -> what.contains("ingress.targetPort is 1, and "))
                .anyMatch(what -> what.contains("maxReplicas is 9, and "));
    }

    @Test
    void aResourceThatSomebodyRemovedIsNamed() throws Exception {
        azure.arrange(world -> world.remove(CONSUMER));
        assertThat(drift()).containsExactly(new TemplateDrift.Difference(CONSUMER, "is not there any more"));
    }

    @Test
    void anEnvironmentThatIsNotThereIsAnError() {
        ArmId other = ArmId.of(FakeWorld.group("team4-txlookup-rg-lee-dev"));
        assertThatThrownBy(() -> new TemplateDrift(client, other, waiting).run())
                .hasMessageContaining("no deployment of txlookup");
    }

    private List<TemplateDrift.Difference> drift() throws Exception {
        return new TemplateDrift(client, ArmId.of(GROUP), waiting).run();
    }
}
