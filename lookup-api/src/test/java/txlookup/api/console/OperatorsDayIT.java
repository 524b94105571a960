package txlookup.api.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.TimeoutException;
import txlookup.api.RunningApi;
import txlookup.profiles.events.EventProfiles;

/** An operator's day in a real Chromium: find a payment, read why it is open, mend that, and see it complete. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class OperatorsDayIT {
    private static final long GENERATION = 20260205005000L;

    @TempDir
    private static Path folder;

    private static RunningApi api;
    private static ReplayingConsumer consumer;
    private static Browser browser;

    @BeforeEach
    void requireABrowser() {
        Browser.assumeThatItIsDue();
    }

    @BeforeAll
    static void open() {
        if (!Browser.isDue()) {
            return;
        }
        api = RunningApi.startFilled(settings -> settings);
        api.execute("""
                ALTER TABLE coverage ALTER source_id RESTART WITH 100;
                UPDATE coverage SET updated_at = applied_until + interval '0.3 s', claimed_by = 'consumer-1'
                WHERE kind = 'STREAM';
                DELETE FROM dead_letter WHERE dead_letter_id = 1;
                INSERT INTO bo.generation_transition (generation, state, at)
                SELECT 20260205005000, state, timestamptz '2026-02-05T00:50:00Z' + n * interval '9 s'
                FROM unnest(ARRAY['PLANNED', 'MIGRATED', 'ANCHORED', 'BACKFILLING', 'CATCHING_UP', 'READY', 'ACTIVE'])
                    WITH ORDINALITY AS steps (state, n);
                INSERT INTO dead_letter (dead_letter_id, source_id, position, record_time, reason, detail, record_key,
                    record_value, failed_at) OVERRIDING SYSTEM VALUE
                VALUES (7, 2, 45, '2026-02-05T00:40:03Z', 'parse_error', 'entry_type: required, missing', 'TX-OPEN-2',
                    '{"tx_id":"TX-OPEN-2","wallet_id":"W-5","kind":"RECEIVE","amount":"25.50","related_id":"ORD-OPEN",
                      "related_type":"PAYMENT_ORDER","event_time":"2026-02-05T00:40:02Z","version":1,
                      "api_token":"never-shown"}', '2026-02-05T00:40:03Z')""");
        consumer = new ReplayingConsumer(api.database(), GENERATION);
        browser = Browser.open(api, folder.resolve("browser"));
    }

    @AfterAll
    static void close() throws InterruptedException {
        if (browser != null) {
            browser.close();
        }
        if (consumer != null) {
            consumer.stop();
        }
        if (api != null) {
            api.close();
        }
    }

    @Test
    void anOperatorFindsWhyAPaymentIsOpenMendsThatAndSeesItComplete() throws IOException {
        findByEachId();
        readWhyItIsOpen();
        tryOutInVain();
        mendTheCause();
        replay();
        seeItComplete();
        watchThePipeline();
        readHowItWasMade();
        useKeys();
        readKorean();
        assertThat(consumer.failure()).isEmpty();
        assertThat(browser.complaints()).isEmpty();
    }

    private static void findByEachId() {
        browser.go("/");
        look("home");
        browser.element("main").click();
        browser.type("/");
        browser.type("TX-PAY", Keys.ENTER);
        browser.await("/tx/TX-PAY");
        assertThat(browser.element(".band").getText()).contains("Complete: both sides are here");
        assertThat(browser.element(".between").getText()).contains("=");
        assertThat(browser.element("time .own").getText()).contains("10:00");
        look("complete");

        browser.type("/");
        browser.type("ORD-OPEN", Keys.ENTER);
        browser.await("/orders/ORD-OPEN");
        assertThat(browser.element(".band").getText()).contains("Incomplete");

        browser.type("/");
        browser.type("W-3", Keys.ENTER);
        browser.await("/wallets/W-3");
        look("wallet");
        browser.follow("TX-OPEN");
        browser.await("/tx/TX-OPEN");

        browser.go("/?q=TX-");
        assertThat(browser.element(".hits").getText()).contains("TX-PAY", "TX-ODD-1");
        look("results");
        browser.go("/?q=none-such");
        look("nothing");
        browser.go("/");
        assertThat(browser.element("#recent").getText()).contains("TX-OPEN", "W-3", "ORD-OPEN", "TX-PAY");
        assertThat(browser.recent()).first().isEqualTo("TX-OPEN");
    }

    private static void readWhyItIsOpen() {
        browser.go("/open-pairs");
        assertThat(browser.element("#open").getText()).contains("ORD-OPEN");
        look("open-pairs");
        browser.follow("ORD-OPEN");
        browser.await("/orders/ORD-OPEN");
        assertThat(browser.text()).contains("The payee’s side has not arrived.", "Dead letter 7");
        look("incomplete");
        browser.go("/tx/TX-ODD-3");
        assertThat(browser.element(".between").getText()).contains("−0.01", "Amounts differ");
        look("odd");
        browser.go("/orders/ORD-OPEN");
        browser.follow("Dead letter 7");
        browser.await("/dead-letters/7\\?generation=" + GENERATION);
        assertThat(browser.text())
                .contains("entry_type: required, missing", "\"kind\":\"RECEIVE\"", "\"api_token\":\"***\"")
                .doesNotContain("never-shown");
        look("dead-letter");
        browser.go("/audit?resource_id=TX-ODD-3");
        assertThat(browser.element("#audit").getText()).contains("TX-ODD-3");
        look("audit");
        browser.go("/dead-letters/7?generation=" + GENERATION);
    }

    private static void tryOutInVain() {
        browser.press("Try out a replay");
        awaitItsEnd();
        assertThat(browser.element("#run").getText())
                .contains("stay open: repair the cause")
                .doesNotContain("for good");
    }

    private static void awaitItsEnd() {
        try {
            browser.element("#run[data-stage=ENDED]");
        } catch (TimeoutException e) {
            throw new AssertionError(
                    "not ended at %s: %s; consumer: %s; browser: %s"
                            .formatted(browser.path(), browser.text(), consumer.failure(), browser.complaints()),
                    e);
        }
    }

    private static void mendTheCause() throws IOException {
        String shipped;
        try (InputStream file =
                EventProfiles.class.getResourceAsStream("/txlookup/profiles/events/canonical-v1.yaml")) {
            shipped = new String(file.readAllBytes(), UTF_8);
        }
        String alias = "aliases: [entry_type, type]";
        assertThat(shipped).contains(alias);
        Path mended = folder.resolve("mended.yaml");
        Files.writeString(mended, shipped.replace(alias, "aliases: [entry_type, type, kind]"));
        consumer.readWith(mended);
    }

    private static void replay() {
        browser.go("/dead-letters?reason=parse_error");
        look("dead-letters");
        browser.element("input[value='7']").click();
        browser.press("Try out the chosen");
        awaitItsEnd();
        assertThat(browser.element("#run").getText()).contains("nothing was kept");
        look("trial");
        browser.press("Replay for good");
        awaitItsEnd();
        look("replay");
    }

    private static void seeItComplete() {
        browser.go("/orders/ORD-OPEN");
        assertThat(browser.element(".band").getText()).contains("Complete: both sides are here");
        assertThat(browser.text()).contains("Applied by a replay", "dead letter 7", "25.50");
        look("replayed");
        browser.go("/dead-letters/7");
        assertThat(browser.element("h1").getText()).contains("Resolved");
    }

    private static void watchThePipeline() {
        browser.go("/pipeline");
        for (int second = 1; second <= 5; second++) {
            api.execute("UPDATE coverage SET consumed = consumed + %1$d, applied = applied + %1$d WHERE source_id = 2"
                    .formatted(40 * second));
            int looks = second;
            browser.awaitThat("the charts go on", () -> browser.points() > looks);
        }
        assertThat(browser.element(".chart:nth-of-type(2) b").getText()).doesNotStartWith("0");
        look("pipeline");
    }

    private static void readHowItWasMade() {
        browser.follow("Rebuilds");
        browser.await("/rebuilds");
        assertThat(browser.text()).contains("Under way", "20260205010000", "GO", "NO_GO", "2 min 15 s");
        look("rebuilds");
        browser.follow("20260205004000");
        browser.await("/rebuilds/20260205004000");
        assertThat(browser.element(".band").getText())
                .contains("NO_GO", "The extract, or loading it", "line 17: no JSON object", "Owner", "golden");
        assertThat(browser.text()).contains("5 Start the consumers", "not done", "No gate was reached.");
        look("rebuild-no-go");
        browser.press("Rebuilds");
        browser.follow("20260205005000");
        assertThat(browser.element(".band").getText()).contains("every step and every gate held");
        assertThat(browser.text()).contains("3.1 ms of 4,200 lookups", "ledger.ndjson", "offset 40", "Pass");
        look("rebuild");
        browser.go("/generations/acts/rebuild");
        look("order");
        browser.element("input[name=reason]").sendKeys("a new event profile");
        browser.element("form.acts button").click();
        browser.awaitThat("the act is followed", () -> browser.path().startsWith("/acts/"));
        assertThat(browser.text()).contains("Waiting or under way", "txlookup generation take", "a new event profile");
        look("act");
    }

    private static void useKeys() {
        browser.go("/open-pairs?minutes=0");
        browser.type("?");
        assertThat(browser.element("#keys").getText()).contains("Go to the search box", "Pipeline");
        look("keys");
        browser.type(Keys.ESCAPE);
        browser.element("h1").click(); // the keyboard is on the page again
        browser.type("j");
        browser.type("o");
        browser.awaitThat("the row is opened", () -> browser.path().matches("/(orders|tx)/.*"));
        browser.type("g", "p");
        browser.await("/pipeline");
        browser.type("g", "m");
        browser.await("/me");
        assertThat(browser.text()).contains("What you may do", "ADMIN_OPERATE");
        look("me");
        browser.type("g", "l");
        browser.await("/");
        browser.go("/docs");
        browser.element("summary").click();
        assertThat(browser.text()).contains("/admin/tx/{tx_id}", "Parameters");
        look("docs");
    }

    private static void readKorean() {
        browser.go("/orders/ORD-ODD");
        browser.follow("한국어");
        browser.await("/orders/ORD-ODD");
        assertThat(browser.text()).contains("완료: 양쪽이 모두 있습니다", "시간순 기록");
        look("korean");
        browser.follow("English");
        browser.await("/orders/ORD-ODD");
    }

    /** Kept as pictures in both widths and both colours, none of which may shut anybody out. */
    private static void look(String name) {
        for (String colours : new String[] {"light", "dark"}) {
            browser.colours(colours);
            for (int width : new int[] {1280, 390}) {
                browser.resize(width);
                browser.screenshot("%s-%d-%s".formatted(name, width, colours));
                assertThat(browser.isWiderThanItsWindow())
                        .as("%s scrolls sideways at %d", name, width)
                        .isFalse();
                // Each width and each colour once: contrast does not change with the width.
                if (colours.equals("light") == (width == 1280)) {
                    assertThat(browser.accessibilityViolations())
                            .as("accessibility of %s at %d in %s", name, width, colours)
                            .isEmpty();
                }
            }
        }
        browser.colours("light");
        browser.resize(1280);
    }
}
