package txlookup.api.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;

import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.api.Changed;
import txlookup.api.Eventually;
import txlookup.api.RunningApi;
import txlookup.api.config.LookupApiSettings;

/** A lookup whose audit row cannot be written is not answered (docs/contract.md, Audit). */
class AuditFailureIT {
    private static final LookupApiSettings.Audit SMALL = new LookupApiSettings.Audit(2, 2, Duration.ofMillis(500));

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private RunningApi api;

    @BeforeEach
    void start() {
        api = RunningApi.start(settings -> Changed.audit(settings, SMALL));
        api.store(payment("TX-1").wallet("W-SECRET"));
    }

    @AfterEach
    void stop() {
        callers.shutdownNow();
        api.close();
    }

    @Test
    void whenTheInsertFailsTheLookupIsUnavailableUntilItWorksAgain() {
        api.execute("ALTER TABLE bo.audit RENAME TO audit_away");
        assertNotAnswered(api.get("/admin/tx/TX-1"));
        assertNotAnswered(api.get("/admin/tx/TX-NONE"));
        assertNotAnswered(api.get("/admin/wallets/W-SECRET/tx"));

        api.execute("ALTER TABLE bo.audit_away RENAME TO audit");
        assertThat(api.get("/admin/tx/TX-1").statusCode()).isEqualTo(200);
    }

    @Test
    void whenTheCommitTakesTooLongTheLookupIsUnavailableUntilItWorksAgain() throws SQLException {
        try (Connection locker = lockAudit()) {
            assertNotAnswered(api.get("/admin/tx/TX-1"));
            locker.rollback();
        }

        assertAnsweredAgain();
    }

    @Test
    void aStuckWriterIsNotReady() throws SQLException {
        try (Connection locker = lockAudit()) {
            assertNotAnswered(api.get("/admin/tx/TX-1"));

            HttpResponse<String> ready = api.get("/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(RunningApi.json(ready).at("/not_ready/audit").asString()).contains("stuck");
            locker.rollback();
        }

        assertAnsweredAgain();
        Eventually.within(
                Duration.ofSeconds(10), "ready", () -> api.get("/ready").statusCode() == 200);
    }

    @Test
    void whenTooManyRowsWaitFurtherLookupsAreUnavailableAtOnce() throws SQLException {
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        try (Connection locker = lockAudit()) {
            for (int caller = 0; caller < 20; caller++) {
                asked.add(CompletableFuture.supplyAsync(() -> api.get("/admin/tx/TX-1"), callers));
            }
            asked.forEach(answer -> assertNotAnswered(answer.join()));
            locker.rollback();
        }

        assertAnsweredAgain();
    }

    private Connection lockAudit() throws SQLException {
        Connection locker = api.database().connect();
        locker.setAutoCommit(false);
        try (Statement lock = locker.createStatement()) {
            lock.execute("LOCK TABLE bo.audit IN ACCESS EXCLUSIVE MODE");
        }
        return locker;
    }

    private void assertAnsweredAgain() {
        Eventually.within(
                Duration.ofSeconds(10),
                "an answer",
                () -> api.get("/admin/tx/TX-1").statusCode() == 200);
    }

    private static void assertNotAnswered(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers()
                        .firstValue("Retry-After")
                        .map(Integer::parseInt)
                        .orElseThrow())
                .isPositive();
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(RunningApi.json(response).path("detail").asString()).contains("audited");
        assertThat(response.body()).doesNotContain("10000.00", "not found", "entries");
    }
}
