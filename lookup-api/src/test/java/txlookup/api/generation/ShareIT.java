package txlookup.api.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.ApiGenerations.NEW;
import static txlookup.api.ApiGenerations.OLD;
import static txlookup.api.generation.ServingSwitchIT.generation;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.api.ApiGenerations;
import txlookup.api.ApiLog;
import txlookup.api.Audited;
import txlookup.api.Eventually;
import txlookup.api.RunningApi;
import txlookup.api.config.LookupApiSettings;
import txlookup.local.testing.TestDatabase;
import txlookup.profiles.settings.ServingSettings;

/** A candidate answers a share of the lookups, and changes no answer by failing. */
class ShareIT {
    private static final Duration SOON = Duration.ofSeconds(15);

    /** Longer than the usual one: the machine that runs the tests may be busy. */
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    /** With fewer than twenty lookups nothing is judged. */
    private static final int TOO_FEW = 15;

    private static final String FAILING =
            "ALTER TABLE g%d.ledger_entry RENAME COLUMN amount TO amount_before".formatted(NEW);

    private TestDatabase database;
    private RunningApi api;

    @BeforeEach
    void start() {
        database = ApiGenerations.database();
        api = RunningApi.start(database, ShareIT::patient);
        RunningApi.awaitPrepared(database, NEW);
        api.takesBack(false);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void theSideOfAnIdIsDecidedByItsHashAndRaisingTheShareOnlyAdds() {
        assertThat(SharedLookups.place("TX-1")).isEqualTo((int) (0xfe15a57aL % 100));
        Set<String> before = new TreeSet<>();
        for (int share : new int[] {0, 10, 50, 90, 100}) {
            share(share);
            Set<String> onTrial = new TreeSet<>();
            for (int n = 1; n <= 60; n++) {
                HttpResponse<String> answer = api.get("/admin/tx/TX-" + n);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(ApiGenerations.isRight(generation(answer), answer.body()))
                        .isTrue();
                assertThat(generation(answer)).isEqualTo(SharedLookups.place("TX-" + n) < share ? NEW : OLD);
                if (generation(answer) == NEW) {
                    onTrial.add("TX-" + n);
                }
            }
            assertThat(onTrial).containsAll(before);
            before = onTrial;
        }
        assertThat(before).hasSize(60);
    }

    @Test
    void onlyTheThreeLookupsTakePart() {
        share(100);

        assertThat(generation(api.get("/admin/tx/TX-1"))).isEqualTo(NEW);
        assertThat(generation(api.get("/admin/payment-orders/ORD-1"))).isEqualTo(NEW);
        assertThat(generation(api.get("/admin/wallets/W-1/tx"))).isEqualTo(NEW);
        for (String path :
                new String[] {"/admin/tx/TX-1/explain", "/admin/search?q=TX-1", "/tx/TX-1", "/wallets/W-1"}) {
            assertThat(generation(api.get(path))).as(path).isEqualTo(OLD);
        }
        assertThat(api.get("/admin/wallets/W-1/tx?limit=0").statusCode()).isEqualTo(400);
        assertThat(Audited.allOf(api, "ORD-1").get(0).generation()).isEqualTo(NEW);
        Eventually.within(
                SOON,
                "they are counted, and the wrong parameter is not",
                () -> count("candidate_lookups") == 3
                        && count("candidate_errors") == 0
                        && count("serving_lookups") == 0);
        assertThat(api.get("/metrics").body())
                .contains("txlookup_api_lookup_seconds_count{result=\"answered\",side=\"candidate\"} 3")
                .contains("hikaricp_connections{pool=\"lookup\"}", "hikaricp_connections{pool=\"candidate\"}");
    }

    @Test
    void aCandidateThatFailsIsCountedAndWhatServesAnswers() {
        ApiGenerations.execute(database, FAILING);
        share(100);

        for (int n = 1; n <= TOO_FEW; n++) {
            assertAnsweredByServing(api.get("/admin/tx/TX-" + n));
        }
        Eventually.within(
                SOON,
                "the errors are counted",
                () -> count("candidate_errors") == TOO_FEW
                        && count("candidate_lookups") == TOO_FEW
                        && count("serving_lookups") == TOO_FEW
                        && count("serving_errors") == 0);
        assertThat(ApiGenerations.number(database, "SELECT share FROM bo.serving"))
                .as("it could not be judged")
                .isEqualTo(100);
    }

    @Test
    void aCandidateThatFailsIsTakenBackAlsoWhereNoConsumerLives() {
        api.takesBack(true);
        ApiGenerations.execute(database, FAILING);
        share(100);

        for (int n = 1; n <= 60; n++) {
            assertAnsweredByServing(api.get("/admin/tx/TX-" + n));
        }
        Eventually.within(
                SOON, "the share ends", () -> ApiGenerations.number(database, "SELECT share FROM bo.serving") == 0);
        assertThat(ApiGenerations.number(
                        database, "SELECT count(*) FROM bo.act WHERE kind = 'TAKE_BACK' AND actor = 'api'"))
                .isEqualTo(1);
    }

    @Test
    void aCandidateThatIsSlowIsNotWaitedFor() throws Exception {
        share(100);
        try (Connection locker = database.connect();
                Statement lock = locker.createStatement()) {
            locker.setAutoCommit(false);
            lock.execute("LOCK TABLE g%d.ledger_entry IN ACCESS EXCLUSIVE MODE".formatted(NEW));
            for (int n = 1; n <= 5; n++) {
                assertAnsweredByServing(api.get("/admin/tx/TX-" + n));
            }
            locker.rollback();
        }
        Eventually.within(SOON, "5 errors are counted", () -> count("candidate_errors") == 5);
        assertThat(ApiGenerations.number(database, "SELECT max(candidate_p95_ms) FROM bo.process"))
                .isBetween(TIMEOUT.toMillis() * 9 / 10, TIMEOUT.toMillis() * 4);
        Eventually.within(SOON, "the candidate answers again", () -> generation(api.get("/admin/tx/TX-1")) == NEW);
    }

    @Test
    void whereTheAnswersDifferThatIsCountedAndTheIdIsTold() {
        api.takesBack(true);
        share(10);
        String id = "TX-" + idOnServingSide();
        List<ILoggingEvent> lines = ApiLog.whileRunning(() -> {
            api.get("/admin/tx/" + id);
            Eventually.within(
                    SOON,
                    "the difference ends the share",
                    () -> ApiGenerations.number(database, "SELECT share FROM bo.serving") == 0);
        });

        assertThat(lines)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.contains(id) && line.contains(Long.toString(NEW)));
        assertThat(Audited.allOf(api, id)).as("a shadow read is not audited").hasSize(1);
        assertThat(api.get("/metrics").body()).contains("txlookup_api_shadow_differences_total 1");
    }

    @Test
    void whatIsEqualButForWhenItWasAppliedIsNoDifference() {
        ApiGenerations.execute(
                database,
                "UPDATE g%d.ledger_entry SET amount = 1.00, ingested_at = '2026-02-05T00:59:00Z'".formatted(NEW));
        share(10);
        api.get("/admin/wallets/W-7/tx");

        Eventually.within(SOON, "it is read once more", () -> count("shadow_reads") == 1);
        assertThat(count("shadow_differences")).isZero();
    }

    @Test
    void whatTheOtherSideHasNotAppliedYetIsNoDifference() {
        ApiGenerations.execute(database, "UPDATE g%d.coverage SET next_position = 51".formatted(OLD));
        share(10);
        api.get("/admin/tx/TX-" + idOnServingSide());

        Eventually.within(SOON, "it is read once more", () -> count("shadow_reads") == 1);
        assertThat(count("shadow_differences")).isZero();
    }

    private static LookupApiSettings patient(LookupApiSettings settings) {
        return new LookupApiSettings(
                settings.stage(),
                settings.http(),
                settings.database(),
                settings.authentication(),
                settings.audit(),
                settings.limits(),
                settings.freshness(),
                new ServingSettings(Duration.ofHours(1), Duration.ofHours(1), Duration.ofSeconds(60), TIMEOUT),
                settings.cursorSecret());
    }

    private static int idOnServingSide() {
        int n = 1;
        while (SharedLookups.place("TX-" + n) < 10) {
            n++;
        }
        return n;
    }

    private static void assertAnsweredByServing(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(generation(answer)).isEqualTo(OLD);
        assertThat(answer.body()).contains("\"amount\":\"1.00\"");
    }

    /** Returns once the process answers by it. */
    private void share(int share) {
        ApiGenerations.share(database, share);
        Eventually.within(
                SOON,
                "the share is acknowledged",
                () -> ApiGenerations.number(
                                database,
                                "SELECT max(p.epoch) - s.epoch FROM bo.process p, bo.serving s GROUP BY s.epoch")
                        == 0);
    }

    private long count(String column) {
        return ApiGenerations.number(database, "SELECT sum(%s) FROM bo.process".formatted(column));
    }
}
