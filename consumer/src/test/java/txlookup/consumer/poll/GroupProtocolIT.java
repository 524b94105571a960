package txlookup.consumer.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.consumer.ConsumerFixture.eventually;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.consumer.ConsumerFixture;
import txlookup.consumer.RunningConsumer;

/** The group protocol in which the broker assigns (KIP-848), and members with a name of their own (KIP-345). */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class GroupProtocolIT {
    private static final String CONSUMED = "SELECT sum(consumed) FROM coverage";

    private ConsumerFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new ConsumerFixture();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void theBrokerAssignsAndNothingIsLostInHandOvers() throws Exception {
        RunningConsumer first = start();
        fixture.publishEntries(0, 100);
        eventually("first hundred", () -> "100".equals(fixture.one(CONSUMED)));
        RunningConsumer second = start();
        eventually("both have partitions", () -> "2"
                .equals(fixture.one("SELECT count(*) FROM coverage WHERE epoch >= 2")));
        fixture.publishEntries(100, 200);
        eventually("second hundred", () -> "200".equals(fixture.one(CONSUMED)));
        first.stop();
        fixture.publishEntries(200, 300);
        eventually("third hundred", () -> "300".equals(fixture.one("SELECT count(*) FROM ledger_entry")));
        assertThat(fixture.one(CONSUMED)).isEqualTo("300");
        eventually("ready", () -> second.notReady().isEmpty());
    }

    @Test
    void aMemberWithANameComesBackToItsPartitionsAndOthersKeepTheirs() throws Exception {
        RunningConsumer first = start("first");
        eventually("alone", () -> first.notReady().isEmpty());
        RunningConsumer second = start("second");
        eventually(
                "shared",
                () -> first.notReady().isEmpty()
                        && second.notReady().isEmpty()
                        && "2".equals(fixture.one("SELECT count(*) FROM coverage WHERE epoch >= 2")));
        String epochs = fixture.one("SELECT sum(epoch) FROM coverage");
        first.stop();
        RunningConsumer again = start("first");
        eventually("back", () -> again.notReady().isEmpty());
        fixture.publishEntries(0, 100);
        eventually("applied", () -> "100".equals(fixture.one(CONSUMED)));
        assertThat(Integer.parseInt(fixture.one("SELECT sum(epoch) FROM coverage")))
                .as("only its own partitions were claimed")
                .isEqualTo(Integer.parseInt(epochs) + 2);
    }

    private RunningConsumer start(String member) {
        return fixture.start(fixture.settings(Map.of("group.instance.id", member), 0.2), 8);
    }

    private RunningConsumer start() {
        return fixture.start(fixture.settings(Map.of("group.protocol", "consumer"), 0.2), 8);
    }
}
