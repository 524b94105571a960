package txlookup.consumer.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.consumer.ConsumerFixture.entry;
import static txlookup.consumer.ConsumerFixture.eventually;

import io.micrometer.core.instrument.Counter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.apply.model.Marker;
import txlookup.consumer.ConsumerFixture;
import txlookup.consumer.telemetry.ConsumerMetrics;

/** Markers pass through real topics and leave nothing but their counts. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MarkerIT {
    private static final String NO_DATA = "{\"txlookup_canary\":\"no data\"}";
    private static final String MARKERS = "SELECT sum(markers) FROM coverage";

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
    void markersAmongEventsAreCountedBesideThemAndStoredNowhere() throws Exception {
        for (int n = 1; n <= 5; n++) {
            fixture.publishMarker(fixture.ledger, 0, "run-1/0/" + n, NO_DATA);
            fixture.publish(fixture.ledger, 0, "tx-" + n, entry("tx-" + n, "PAYMENT", "po", 1));
        }
        fixture.start();

        eventually("all passed", () -> "5".equals(fixture.one(MARKERS)));

        assertThat(fixture.one("SELECT run || ' ' || sequence || ' ' || markers FROM canary"))
                .isEqualTo("run-1 5 5");
        assertThat(fixture.one("SELECT consumed || ' ' || applied || ' ' || next_position FROM coverage WHERE name = '"
                        + fixture.ledger + "' AND partition = 0"))
                .isEqualTo("5 5 10");
        assertThat(fixture.one("SELECT count(*) FROM ledger_entry")).isEqualTo("5");
        assertThat(fixture.one("SELECT count(*) FROM dead_letter")).isEqualTo("0");
        eventually(
                "counted in the metrics",
                () -> fixture.meters.find(ConsumerMetrics.RECORDS).tag("result", "marker").counters().stream()
                                .mapToDouble(Counter::count)
                                .sum()
                        == 5);
        assertThat(fixture.meters.find(ConsumerMetrics.FRESHNESS).timers().stream()
                        .mapToLong(timer -> timer.count())
                        .sum())
                .as("only events are fresh or stale")
                .isEqualTo(5);
    }

    @Test
    void noValueAndNoHeaderMakesDataOfAMarker() throws Exception {
        String event = entry("poisoned", "PAYMENT", "po", 1);
        fixture.publishMarker(fixture.ledger, 0, "run-1/0/1", event);
        fixture.publishMarker(fixture.ledger, 0, "run-1/0/1", event);
        fixture.publishMarker(fixture.ledger, 0, "run-1/1/2", event);
        fixture.publishMarker(fixture.ledger, 0, "x\u0000'; DROP TABLE canary", event);
        fixture.publishMarker(fixture.ledger, 0, "run-1/99999999999/1", "{bad");
        fixture.publishMarker(fixture.ledger, 0, "", null);
        fixture.publish(fixture.ledger, 0, "tx", entry("tx", "PAYMENT", "po", 1));
        fixture.start();

        eventually("all passed", () -> "6".equals(fixture.one(MARKERS)));

        assertThat(fixture.one("SELECT string_agg(run || ' ' || sequence || ' ' || markers, ',') FROM canary"))
                .as("a copy in another partition and what is no marker of the gate are not measured")
                .isEqualTo("run-1 1 2");
        assertThat(fixture.one("SELECT string_agg(tx_id, ',') FROM ledger_entry"))
                .isEqualTo("tx");
        assertThat(fixture.one("SELECT count(*) FROM dead_letter")).isEqualTo("0");
    }

    @Test
    void anEventWithTheCopiedHeadersOfAnotherCanaryIsAnEvent() throws Exception {
        byte[] other = Marker.nonce("bo-sync-prod-lee");
        fixture.publishMarker(fixture.ledger, 0, other, "run-1/0/1", entry("relayed", "PAYMENT", "po", 1));
        fixture.publishMarker(fixture.ledger, 0, new byte[0], "run-1/0/2", entry("empty", "PAYMENT", "po", 1));
        fixture.publishMarker(fixture.ledger, 0, other, "run-1/0/3", NO_DATA);
        fixture.start();

        eventually("all consumed", () -> "3".equals(fixture.one("SELECT sum(consumed) FROM coverage")));

        assertThat(fixture.one("SELECT string_agg(tx_id, ',' ORDER BY tx_id) FROM ledger_entry"))
                .isEqualTo("empty,relayed");
        assertThat(fixture.one("SELECT count(*) FROM dead_letter")).isEqualTo("1");
        assertThat(fixture.one(MARKERS)).isEqualTo("0");
    }

    @Test
    void markersDoNotHideThatMostEventsAreDead() throws Exception {
        for (int n = 1; n <= 900; n++) {
            fixture.publishMarker(fixture.ledger, 0, "run-1/0/" + n, NO_DATA);
        }
        for (int n = 0; n < 150; n++) {
            fixture.publish(fixture.ledger, 0, "bad", "{bad");
        }

        fixture.start();

        assertThat(fixture.awaitStop(fixture.ledger, 0)).contains("of the latest 1");
    }

    @Test
    void markersAreForgottenAfterADay() throws Exception {
        fixture.start();
        fixture.publishMarker(fixture.ledger, 0, "old/0/1", NO_DATA);
        eventually("passed", () -> "1".equals(fixture.one(MARKERS)));
        fixture.execute("UPDATE canary SET seen_at = seen_at - interval '25 hours'");
        fixture.publishMarker(fixture.ledger, 0, "new/0/1", NO_DATA);

        eventually("passed", () -> "2".equals(fixture.one(MARKERS)));
        assertThat(fixture.one("SELECT string_agg(run, ',') FROM canary")).isEqualTo("new");
    }
}
