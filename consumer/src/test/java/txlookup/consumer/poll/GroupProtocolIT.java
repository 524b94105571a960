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

/** The group protocol in which the broker assigns (KIP-848) works with the settings of a profile as they are. */
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

    private RunningConsumer start() {
        return fixture.start(fixture.settings(Map.of("group.protocol", "consumer"), 0.2), 8);
    }
}
