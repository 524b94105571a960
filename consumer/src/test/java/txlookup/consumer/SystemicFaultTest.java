package txlookup.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.consumer.ConsumerFixture.entry;
import static txlookup.consumer.ConsumerFixture.eventually;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When most records are bad, the stream stops rather than end as dead letters. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class SystemicFaultTest {
    private static final String CONSUMED = "SELECT sum(consumed) FROM bo.coverage";
    private static final String DEAD = "SELECT count(*) FROM bo.dead_letter";

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
    void stopsBeforeTheBatchAndSaysWhatIsWrong() throws Exception {
        publishBad(300);

        Throwable failure = fixture.start().failure();

        assertThat(failure)
                .isInstanceOf(SystemicFaultException.class)
                .hasMessageStartingWith(fixture.ledger + "-0: ")
                .hasMessageContainingAll("more than the share of 0.2 (consumer.maxDeadShare)", "{parse_error=");
        // What came before a hundred records proved anything.
        assertThat(Integer.parseInt(fixture.one(DEAD))).isLessThan(100);
    }

    @Test
    void aRestartDrainsNothingMore() throws Exception {
        publishBad(300);
        fixture.start().failure();
        String dead = fixture.one(DEAD);

        for (int restart = 0; restart < 3; restart++) {
            assertThat(fixture.start().failure()).isInstanceOf(SystemicFaultException.class);
        }

        assertThat(fixture.one(DEAD)).isEqualTo(dead);
        assertThat(fixture.one("SELECT max(attempts) FROM bo.coverage")).isEqualTo("0");
    }

    @Test
    void badRecordsAmongGoodOnesNeverStopIt() throws Exception {
        for (int i = 0; i < 400; i++) {
            boolean bad = i % 10 == 0;
            fixture.publish(fixture.ledger, 0, "tx-" + i, bad ? "{bad" : entry("tx-" + i, "PAYMENT", "po-" + i, 1));
        }
        fixture.start();

        eventually("all consumed", () -> "400".equals(fixture.one(CONSUMED)));
        assertThat(fixture.one(DEAD)).isEqualTo("40");
    }

    @Test
    void aFewBadRecordsOnAQuietTopicProveNothing() throws Exception {
        fixture.start();
        for (int i = 1; i <= 5; i++) {
            publishBad(1);
            String dead = Integer.toString(i);
            eventually("set aside one by one", () -> dead.equals(fixture.one(DEAD)));
        }
    }

    private void publishBad(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            fixture.publish(fixture.ledger, 0, "bad", "{bad");
        }
    }
}
