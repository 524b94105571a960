package txlookup.azure.recreate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.fake.FakeAnswer;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.fake.FakeWorld;
import txlookup.azure.inventory.AzureKind;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.steps.StepFailure;

/** Before a generation is made beside what serves, its namespace has to let one more reader read everything. */
@Timeout(60)
class EgressIT {
    private static final String NAME = "team4-txlookup-eh-kim-dev";
    private static final String NAMESPACE =
            FakeWorld.group("team4-txlookup-rg-kim-dev") + "/providers/" + AzureKind.EVENT_HUBS.type() + "/" + NAME;
    private static final double MB_IN_A_MINUTE = 60e6;

    private FakeAzure azure;
    private AzurePlatform platform;

    @BeforeEach
    void start() throws Exception {
        azure = FakeAzure.start(0, new FakeAzure.Slowness(1, 0, 1, 0, 1_000));
        platform = Platforms.cloudTest(azure);
        namespace("Standard", 1);
    }

    @AfterEach
    void stop() {
        platform.close();
        azure.close();
    }

    @Test
    void aQuietNamespaceHasRoomAndSaysHowMuch() throws Exception {
        assertThat(platform.requireEgress())
                .contains(
                        "egress of %s with one more reader: 0.00 of 2.00 MB/s, 0.00 of 4,096.00 events/s (throughput units 1, partitions 4)"
                                .formatted(NAME));
        busy(0.3, 0.3, 800, 800);
        assertThat(platform.requireEgress()).hasValueSatisfying(line -> assertThat(line)
                .contains("0.60 of 2.00 MB/s", "1,600.00 of 4,096.00 events/s"));
    }

    @Test
    void aReaderIsCountedAlsoWhenItWasAwayThatDay() throws Exception {
        busy(0.9, 0, 0, 0);
        assertThat(platform.requireEgress()).hasValueSatisfying(line -> assertThat(line)
                .contains("1.80 of 2.00 MB/s")
                .endsWith("; catching up takes longer than the time that it covers"));
    }

    @Test
    void tooManyBytesOrEventsForOneMoreReaderAreRefusedWithTheFigures() throws Exception {
        busy(0.7, 1.4, 500, 1_000);
        requireRefused("2.10 of 2.00 MB/s");
        busy(0.1, 0.1, 2_100, 2_100);
        requireRefused("4,200.00 of 4,096.00 events/s");
        namespace("Standard", 2);
        assertThat(platform.requireEgress()).isPresent();
    }

    @Test
    void aPartitionGivesNoMoreThanAUnitDoes() throws Exception {
        namespace("Standard", 20);
        busy(5, 5, 0, 0);
        requireRefused("10.00 of 8.00 MB/s");
    }

    @Test
    void premiumHasNoSuchBound() throws Exception {
        namespace("Premium", 1);
        busy(50, 50, 0, 0);
        assertThat(platform.requireEgress())
                .contains("egress of %s is not bounded by throughput units (Premium)".formatted(NAME));
    }

    @Test
    void aNamespaceThatDoesNotSayHowBusyItIsIsNotTakenForAQuietOne() {
        azure.interfere((number, method, path) -> path.endsWith("/metrics")
                ? Optional.of(FakeAnswer.error(404, "ResourceNotFound", "no metrics"))
                : Optional.empty());
        requireRefused("does not say how busy it is");
    }

    private void requireRefused(String seen) {
        assertThatThrownBy(platform::requireEgress).isInstanceOfSatisfying(StepFailure.class, refused -> {
            assertThat(refused).hasMessageContaining(seen);
            assertThat(refused.failureCause()).isEqualTo(FailureCause.ENVIRONMENT_BLOCKED);
            assertThat(refused.unblock()).isNotBlank();
        });
    }

    private void namespace(String sku, int units) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("sku").put("name", sku).put("capacity", units);
        azure.arrange(world -> world.put(NAMESPACE, body));
    }

    /** Megabytes and events a second in the busiest minute. */
    private void busy(double in, double out, double eventsIn, double eventsOut) {
        azure.arrange(world -> world.metrics(
                NAMESPACE,
                Map.of(
                        "IncomingBytes", in * MB_IN_A_MINUTE,
                        "OutgoingBytes", out * MB_IN_A_MINUTE,
                        "IncomingMessages", eventsIn * 60,
                        "OutgoingMessages", eventsOut * 60)));
    }
}
