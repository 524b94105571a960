package txlookup.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import txlookup.api.Changed;
import txlookup.api.Eventually;
import txlookup.api.RunningApi;
import txlookup.api.config.LookupApiSettings;
import txlookup.local.postgres.LocalPostgres;
import txlookup.local.postgres.PostgresSettings;
import txlookup.local.testing.GivenStore;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/** 503 with {@code Retry-After} while the store is away, and all well again by itself when it is back. */
@DisabledIfSystemProperty(named = GivenStore.URL, matches = ".+", disabledReason = "it stops servers of its own")
class StoreAwayAnswersIT {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void lookupsAreUnavailableWhilePostgresIsStoppedAndWorkAgainWhenItIsBack() {
        PostgresSettings settings = SharedPostgres.settings(folder.resolve("data"));
        try (LocalPostgres server = LocalPostgres.start(settings)) {
            TestDatabase database = newDatabase(server, settings);
            RunningApi.migrateAndServe(database);
            try (RunningApi api = RunningApi.start(database, StoreAwayAnswersIT::impatient)) {
                api.store(payment("TX-1"));
                assertThat(api.get("/admin/tx/TX-1").statusCode()).isEqualTo(200);

                server.stop();
                for (String path : new String[] {
                    "/admin/tx/TX-1", "/admin/payment-orders/ORD-1", "/admin/wallets/W-1/tx", "/admin/tx/TX-NONE"
                }) {
                    assertUnavailable(api.get(path));
                }
                assertThat(api.get("/health").statusCode()).isEqualTo(200);
                assertThat(api.get("/ready").statusCode()).isEqualTo(503);
                assertThat(api.get("/ready").body())
                        .isEqualTo("{\"status\":\"not_ready\",\"not_ready\":{\"database\":\"unreachable\"}}");

                server.restart();
                Eventually.within(DEADLINE, "ready", () -> api.get("/ready").statusCode() == 200);
                Eventually.within(
                        DEADLINE, "an answer", () -> api.get("/admin/tx/TX-1").statusCode() == 200);
            }
        }
    }

    @Test
    void theApiStartsWhilePostgresIsAwayAndAnswersOnceItIsThere() {
        PostgresSettings settings = SharedPostgres.settings(folder.resolve("data"));
        try (LocalPostgres server = LocalPostgres.start(settings)) {
            TestDatabase database = newDatabase(server, settings);
            RunningApi.migrateAndServe(database);
            server.stop();
            try (RunningApi api = RunningApi.start(database, StoreAwayAnswersIT::impatient)) {
                assertUnavailable(api.get("/admin/tx/TX-1"));

                server.restart();
                Eventually.within(
                        DEADLINE, "an answer", () -> api.get("/admin/tx/TX-1").statusCode() == 404);
            }
        }
    }

    @Test
    void aLookupThatTakesTooLongIsUnavailable() {
        try (RunningApi api = RunningApi.start(StoreAwayAnswersIT::impatient)) {
            try (Connection locker = api.database().connect();
                    Statement lock = locker.createStatement()) {
                locker.setAutoCommit(false);
                lock.execute("LOCK TABLE ledger_entry IN ACCESS EXCLUSIVE MODE");

                assertUnavailable(api.get("/admin/tx/TX-1"));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static TestDatabase newDatabase(LocalPostgres server, PostgresSettings settings) {
        server.createDatabase("own");
        return new TestDatabase("own", server.jdbcUrl("own"), settings.superuser(), settings.password());
    }

    private static LookupApiSettings impatient(LookupApiSettings settings) {
        LookupApiSettings.Database database = settings.database();
        return Changed.database(
                settings,
                new LookupApiSettings.Database(
                        database.jdbcUrl(),
                        database.user(),
                        Optional.of(database.password().orElseThrow()),
                        2,
                        Duration.ofMillis(500),
                        Duration.ofMillis(500)));
    }

    private static void assertUnavailable(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
        assertThat(response.headers()
                        .firstValue("Retry-After")
                        .map(Integer::parseInt)
                        .orElseThrow())
                .isPositive();
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.body()).contains("\"status\":503").doesNotContain("SQL", "Exception", "127.0.0.1");
    }
}
