package txlookup.consumer.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.consumer.ConsumerFixture.entry;
import static txlookup.consumer.ConsumerFixture.eventually;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.consumer.ConsumerFixture;
import txlookup.consumer.RunningConsumer;
import txlookup.consumer.telemetry.ConsumerMetrics;

/** When most records of a partition are bad, it stops rather than end as dead letters. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@Tag("nightly")
class SystemicFaultIT {
    private static final String CONSUMED = "SELECT sum(consumed) FROM coverage";
    private static final String SINCE = "SELECT max(stopped_at) FROM coverage";
    private static final String DEAD = "SELECT count(*) FROM dead_letter";

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
    void stopsThatPartitionBeforeTheBatchAndSaysWhatIsWrong() throws Exception {
        publishBad(300);
        RunningConsumer consumer = fixture.start();

        assertThat(fixture.awaitStop(fixture.ledger, 0))
                .startsWith(fixture.ledger + "-0: ")
                .contains("more than the share of 0.2 (consumer.maxDeadShare)", "{parse_error=");
        // What came before a hundred records proved anything.
        assertThat(Integer.parseInt(fixture.one(DEAD))).isLessThan(100);
        // The others may still wait for their first answer.
        eventually("the others run", () -> consumer.notReady().size() == 1);
        assertThat(consumer.notReady())
                .singleElement()
                .asString()
                .startsWith(fixture.ledger + "-0: STOPPED since 20")
                .contains("more than the share of 0.2");
        assertThat(stoppedGauge(0)).isEqualTo(1);
    }

    @Test
    void theOtherPartitionsGoOn() throws Exception {
        publishBad(300);
        RunningConsumer consumer = fixture.start();
        fixture.awaitStop(fixture.ledger, 0);

        for (int i = 0; i < 50; i++) {
            fixture.publish(fixture.ledger, 1, "tx-" + i, entry("tx-" + i, "PAYMENT", "po-" + i, 1));
        }

        eventually("applied", () -> "50".equals(fixture.one("SELECT count(*) FROM ledger_entry")));
        assertThat(consumer.isRunning()).isTrue();
        assertThat(consumer.health().dead()).isEmpty();
        assertThat(stoppedGauge(1)).isZero();
    }

    @Test
    void aRestartDrainsNothingMoreAndStaysStopped() throws Exception {
        publishBad(300);
        RunningConsumer consumer = fixture.start();
        String reason = fixture.awaitStop(fixture.ledger, 0);
        String since = fixture.one(SINCE);
        String dead = fixture.one(DEAD);

        for (int restart = 0; restart < 3; restart++) {
            consumer.stop();
            consumer = fixture.start();
            eventually("stopped as before", stoppedBecause(consumer, reason));
        }

        assertThat(fixture.one(DEAD)).isEqualTo(dead);
        assertThat(fixture.one(SINCE)).isEqualTo(since);
        assertThat(fixture.one("SELECT max(attempts) FROM coverage")).isEqualTo("0");
    }

    private static Callable<Boolean> stoppedBecause(RunningConsumer consumer, String reason) {
        return () -> consumer.notReady().stream().anyMatch(line -> line.endsWith(reason));
    }

    @Test
    void itResumesWhenToldToAndToleratesWhatIsInTheLogByThen() throws Exception {
        publishBad(300);
        RunningConsumer consumer = fixture.start();
        fixture.awaitStop(fixture.ledger, 0);

        fixture.orderResume(fixture.ledger, 0);

        eventually("all set aside", () -> "300".equals(fixture.one(DEAD)));
        eventually("ready", () -> consumer.notReady().isEmpty());
        assertThat(fixture.one("SELECT tolerate_to FROM coverage WHERE tolerate_to IS NOT NULL"))
                .isEqualTo("300");
        fixture.publish(fixture.ledger, 0, "good", entry("good", "PAYMENT", "po", 1));
        publishBad(1);
        eventually("one bad record later proves nothing", () -> "302".equals(fixture.one(CONSUMED)));

        publishBad(300);
        assertThat(fixture.awaitStop(fixture.ledger, 0)).as("but many do").contains("more than the share");
        assertThat(Integer.parseInt(fixture.one(DEAD))).isBetween(301, 401);
    }

    @Test
    void anOrderHoldsForAConsumerThatComesLater() throws Exception {
        publishBad(300);
        RunningConsumer first = fixture.start();
        fixture.awaitStop(fixture.ledger, 0);
        first.stop();
        fixture.orderResume(fixture.ledger, 0);

        fixture.start();

        eventually("all set aside", () -> "300".equals(fixture.one(DEAD)));
    }

    @Test
    void aRestartWithAGreaterShareResumes() throws Exception {
        publishBad(300);
        RunningConsumer first = fixture.start();
        fixture.awaitStop(fixture.ledger, 0);
        first.stop();

        fixture.start(fixture.settings(Map.of(), 1), 8);

        eventually("all set aside", () -> "300".equals(fixture.one(DEAD)));
        assertThat(fixture.one("SELECT count(stopped_at) FROM coverage")).isEqualTo("0");
    }

    private double stoppedGauge(int partition) {
        return fixture.meters
                .get(ConsumerMetrics.STOPPED)
                .tags("topic", fixture.ledger, "partition", Integer.toString(partition))
                .gauge()
                .value();
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
