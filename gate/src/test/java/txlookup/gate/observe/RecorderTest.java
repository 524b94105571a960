package txlookup.gate.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import txlookup.apply.metrics.MetricsText;
import txlookup.gate.model.Observation;
import txlookup.gate.model.SloFile;
import txlookup.gate.observe.record.Recorder;

class RecorderTest {
    private static final Instant FROM = Instant.parse("2026-02-05T01:00:00Z");
    private static final String COUNTER = "txlookup_consumer_records_total";

    private final Recorder recorder =
            new Recorder(new Observation.Environment("test", null, List.of("ledger")), SloFile.shipped(), FROM);

    private void scrape(String text) {
        recorder.metrics("consumer", "http://one", MetricsText.parse(text));
    }

    private Observation.Increase only() {
        List<Observation.Increase> increases =
                recorder.finish(FROM.plusSeconds(1)).increases();
        assertThat(increases).hasSize(1);
        return increases.get(0);
    }

    @Test
    void aCounterGrowsFromItsFirstScrape() {
        scrape(COUNTER + "{result=\"dead\"} 40\n");
        scrape(COUNTER + "{result=\"dead\"} 41.0\n");
        scrape(COUNTER + "{result=\"dead\"} 4.5E1\n");

        assertThat(only().by()).isEqualTo(5);
        assertThat(only().resets()).isZero();
    }

    @Test
    void aCounterThatFellBeganAnew() {
        scrape(COUNTER + " 40\n");
        scrape(COUNTER + " 3\n");
        scrape(COUNTER + " 4\n");

        assertThat(only().by()).isEqualTo(4);
        assertThat(only().resets()).isEqualTo(1);
    }

    @Test
    void aSeriesThatAppearsLaterBeganAtNothing() {
        scrape("other_total 1\n");
        scrape(COUNTER + "{result=\"dead\"} 2\n");

        assertThat(only().by()).isEqualTo(2);
    }

    /** Two replicas behind one address, met in turn: neither's past counts, and neither looks like a restart. */
    @Test
    void replicasBehindOneAddressAreCountedEachForItself() {
        for (int i = 0; i < 10; i++) {
            scrape("txlookup_process_started_seconds{instance=\"a\"} 1000\n" + COUNTER + " " + (5000 + i) + "\n");
            scrape("txlookup_process_started_seconds{instance=\"b\"} 2000\n" + COUNTER + " " + (40 + 2 * i) + "\n");
        }

        List<Observation.Increase> increases =
                recorder.finish(FROM.plusSeconds(1)).increases();
        assertThat(increases).extracting(Observation.Increase::by).containsExactly(9.0, 18.0);
        assertThat(increases).extracting(Observation.Increase::resets).containsOnly(0);
    }

    @Test
    void aReplicaThatStartsDuringTheObservationBeganAtNothing() {
        scrape("txlookup_process_started_seconds{instance=\"a\"} 1000\n" + COUNTER + " 7\n");
        long later = FROM.getEpochSecond() + 1;
        scrape("txlookup_process_started_seconds{instance=\"c\"} " + later + "\n" + COUNTER + " 3\n");

        assertThat(recorder.finish(FROM.plusSeconds(2)).increases())
                .extracting(Observation.Increase::by)
                .containsExactly(0.0, 3.0);
    }

    @Test
    void whatNoObjectiveSpeaksOfIsNotKeptAndWhatIsNoNumberIsNotKnown() {
        scrape("jvm_memory_used_bytes{area=\"heap\"} 1\n");
        scrape("# HELP x y\ntxlookup_consumer_lag_records{topic=\"a\\\"b\",partition=\"0\"} NaN\n");

        Observation observation = recorder.finish(FROM);

        assertThat(observation.increases()).isEmpty();
        assertThat(observation.samples()).hasSize(1);
        assertThat(observation.samples().get(0).labels()).containsEntry("topic", "a\"b");
        assertThat(observation.samples().get(0).points().get(0).value()).isNull();
    }

    @Test
    void whatIsNoMetricsTextIsRefused() {
        assertThatThrownBy(() -> MetricsText.parse("<html>not found</html>\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("<html>");
    }
}
