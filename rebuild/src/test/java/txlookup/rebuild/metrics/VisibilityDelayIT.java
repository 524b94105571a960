package txlookup.rebuild.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.rebuild.FakeProcess;

class VisibilityDelayIT {
    private static final Duration A_HUNDRED_YEARS = Duration.ofDays(36_500);

    private FakeProcess consumer;

    @BeforeEach
    void start() throws IOException {
        consumer = new FakeProcess();
    }

    @AfterEach
    void stop() {
        consumer.close();
    }

    @Test
    void aPercentileIsTheUpperBoundOfItsBucket() throws Exception {
        VisibilityDelay freshness = scrape(50, 94, 100, 100);

        assertThat(freshness.events()).isEqualTo(100);
        assertThat(freshness.percentile(0.5)).isEqualTo(Duration.ofMillis(100));
        assertThat(freshness.percentile(0.94)).isEqualTo(Duration.ofSeconds(1));
        assertThat(freshness.percentile(0.95)).isEqualTo(Duration.ofSeconds(5));
        assertThat(freshness.shown(0.95)).isEqualTo("at most 5.0 s");
    }

    @Test
    void onlyWhatCameAfterAnEarlierScrapeIsJudged() throws Exception {
        VisibilityDelay before = scrape(0, 0, 0, 1000);
        VisibilityDelay after = scrape(0, 95, 100, 1100);

        VisibilityDelay live = after.since(before);

        assertThat(live.events()).isEqualTo(100);
        assertThat(live.percentile(0.95)).isEqualTo(Duration.ofSeconds(1));
        assertThat(after.percentile(0.95)).isEqualTo(A_HUNDRED_YEARS);
    }

    @Test
    void whatWasNotThereAtTheEarlierScrapeCountsInFull() throws Exception {
        VisibilityDelay before = scrapeText("up 1\n");

        assertThat(scrape(10, 10, 10, 10).since(before).events()).isEqualTo(10);
    }

    @Test
    void beyondTheLastBoundIsAsGoodAsNever() throws Exception {
        VisibilityDelay freshness = scrape(0, 0, 94, 100);

        assertThat(freshness.percentile(0.94)).isEqualTo(Duration.ofSeconds(5));
        assertThat(freshness.percentile(0.95)).isEqualTo(A_HUNDRED_YEARS);
        assertThat(freshness.shown(0.95)).isEqualTo("beyond every bound");
    }

    @Test
    void withoutEventsNothingIsFresh() throws Exception {
        VisibilityDelay none = scrape(0, 0, 0, 0);
        VisibilityDelay noHistogram = scrapeText("up 1\n");
        VisibilityDelay nothingNew = scrape(1, 2, 3, 4).since(scrape(1, 2, 3, 4));

        assertThat(none.events()).isZero();
        assertThat(none.percentile(0.95)).isEqualTo(A_HUNDRED_YEARS);
        assertThat(noHistogram.events()).isZero();
        assertThat(noHistogram.percentile(0.95)).isEqualTo(A_HUNDRED_YEARS);
        assertThat(nothingNew.percentile(0.95)).isEqualTo(A_HUNDRED_YEARS);
    }

    @Test
    void aConsumerThatWasStartedAgainInBetweenIsNotTakenForAFreshOne() throws Exception {
        VisibilityDelay before = scrape(1000, 1000, 1000, 1000);
        VisibilityDelay restarted = scrape(10, 10, 10, 10);

        assertThat(restarted.since(before).events()).isNotPositive();
        assertThat(restarted.since(before).percentile(0.95)).isEqualTo(A_HUNDRED_YEARS);
    }

    private VisibilityDelay scrape(long tenth, long one, long five, long all) throws IOException, InterruptedException {
        return scrapeText("""
                # TYPE txlookup_freshness_seconds histogram
                txlookup_freshness_seconds_bucket{le="0.1"} %d
                txlookup_freshness_seconds_bucket{le="1.0"} %d
                txlookup_freshness_seconds_bucket{le="5.0"} %d
                txlookup_freshness_seconds_bucket{le="+Inf"} %d
                """.formatted(tenth, one, five, all));
    }

    private VisibilityDelay scrapeText(String text) throws IOException, InterruptedException {
        consumer.answers("/metrics", 200, text);
        return VisibilityDelay.scrape(consumer.at("/metrics"));
    }
}
