package txlookup.api.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.api.Audited;
import txlookup.api.Changed;
import txlookup.api.Eventually;
import txlookup.api.RunningApi;
import txlookup.api.auth.Caller;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.store.LookupConnections;
import txlookup.api.web.ProblemException;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/** A stranger cannot fill the audit, and nothing is left out of it without being counted there. */
class DeniedRequestsIT {
    private static final int BURST = 3;
    private static final int BURST_IN_ALL = 5;
    private static final LookupApiSettings.Audit AUDIT = new LookupApiSettings.Audit(
            1_000,
            500,
            Duration.ofSeconds(30),
            new LookupApiSettings.Denials(BURST, 1, BURST_IN_ALL, 1, Duration.ofDays(1)));

    private final TestDatabase database = SharedPostgres.newDatabase();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private HikariDataSource connections;
    private AuditWriter writer;
    private DeniedRequests denials;

    @BeforeEach
    void start() {
        RunningApi.migrate(database);
        connections = LookupConnections.forAudit(
                LookupApiSettings.Database.at(database.jdbcUrl(), database.user(), Optional.of(database.password())),
                meters);
        writer = new AuditWriter(connections, AUDIT);
        denials = new DeniedRequests(writer, AUDIT.denials(), Clock.systemUTC(), meters);
    }

    @AfterEach
    void stop() {
        denials.close();
        writer.close();
        connections.close();
    }

    @Test
    void anAddressHasABudgetAndAllTogetherHaveOne() throws SQLException {
        IntStream.range(0, 20).forEach(time -> deny(Caller.ANONYMOUS.actor(), "198.51.100.1"));
        assertThat(rows("DENIED")).isEqualTo(BURST);

        IntStream.range(0, 20).forEach(host -> deny(Caller.ANONYMOUS.actor(), "203.0.113." + host));
        assertThat(rows("DENIED")).isEqualTo(BURST_IN_ALL);
    }

    @Test
    void whoOwnsAnIpv6NetworkIsOneStranger() throws SQLException {
        IntStream.range(0, 20).forEach(host -> deny(Caller.ANONYMOUS.actor(), "2001:db8:0:1::" + host));

        assertThat(rows("DENIED")).isEqualTo(BURST);
    }

    @Test
    void aPersonIsSeenHoweverManyStrangersAreDenied() throws SQLException {
        IntStream.range(0, 200).forEach(host -> deny(Caller.ANONYMOUS.actor(), "203.0.113." + host));
        deny("kim", "203.0.113.7");

        assertThat(number("SELECT count(*) FROM bo.audit WHERE actor = 'kim'")).isOne();
    }

    @Test
    void oneRowCountsWhatWasLeftOutAndNamesTheFirstOfThem() throws SQLException {
        IntStream.range(0, 20).forEach(time -> deny(Caller.ANONYMOUS.actor(), "198.51.100.1"));
        IntStream.range(0, 200).forEach(host -> deny(Caller.ANONYMOUS.actor(), "203.0.113." + host));
        denials.summarize();
        denials.summarize();

        assertThat(number("SELECT count(*) FROM bo.audit WHERE action = 'DENIALS_LEFT_OUT'"))
                .isOne();
        assertThat(number("SELECT sum(result_count) FILTER (WHERE action = 'DENIALS_LEFT_OUT')"
                        + " + count(*) FILTER (WHERE action = 'LOOKUP_TX') FROM bo.audit"))
                .as("every denial is in the audit, by a row of its own or in the count")
                .isEqualTo(220);
        assertThat(text("SELECT query FROM bo.audit WHERE action = 'DENIALS_LEFT_OUT'"))
                .startsWith("count=215&from=")
                .contains("&by=198.51.100.1:17,203.0.113.2:1,");
        assertThat(meters.get("txlookup.api.audit.denials.left.out").counter().count())
                .isEqualTo(215);
    }

    @Test
    void theCountOutlivesAStoreThatIsAwayAndAnEndInGoodOrder() throws SQLException {
        IntStream.range(0, 10).forEach(time -> deny(Caller.ANONYMOUS.actor(), "198.51.100.1"));
        execute("ALTER TABLE bo.audit RENAME TO audit_away");
        assertThatThrownBy(denials::summarize).isInstanceOf(ProblemException.class);
        execute("ALTER TABLE bo.audit_away RENAME TO audit");
        denials.close();

        assertThat(number("SELECT result_count FROM bo.audit WHERE action = 'DENIALS_LEFT_OUT'"))
                .isEqualTo(7);
    }

    @Test
    void whatARequestHoldsIsCutInItsRow() throws SQLException {
        String much = "x".repeat(10_000);
        try (RunningApi api = RunningApi.start()) {
            assertThat(api.get(
                                    "/admin/tx/" + "T".repeat(3_000) + "?why=" + much.substring(0, 4_000),
                                    "User-Agent",
                                    much.substring(0, 4_000))
                            .statusCode())
                    .isEqualTo(404);
            Audited row = Audited.newest(api);
            assertThat(row.resourceId()).hasSize(512).endsWith("T...[3000 characters]");
            assertThat(row.path()).hasSize(2_048).endsWith("T...[3010 characters]");
            assertThat(row.query()).hasSize(2_048).startsWith("why=x").endsWith("x...[4004 characters]");
            assertThat(row.userAgent()).hasSize(512).endsWith("...[4000 characters]");
            assertThat(api.json(
                                    "/admin/audit?resource_id=" + "T".repeat(3_000),
                                    "X-Actor-Id",
                                    "aud",
                                    "X-Actor-Roles",
                                    "ADMIN_AUDIT")
                            .path("count")
                            .asInt())
                    .as("it is found by its whole id")
                    .isOne();
        }
    }

    @Test
    void theApiAuditsDenialsWithinTheBudget() {
        LookupApiSettings.Denials quick =
                new LookupApiSettings.Denials(BURST, 1, BURST_IN_ALL, 1, Duration.ofMillis(50));
        try (RunningApi api = RunningApi.start(settings ->
                Changed.audit(settings, new LookupApiSettings.Audit(1_000, 500, Duration.ofSeconds(30), quick)))) {
            IntStream.range(0, 20).forEach(time -> assertThat(
                            api.get("/admin/audit", "X-Actor-Id", "eve", "X-Actor-Roles", "ADMIN_READ")
                                    .statusCode())
                    .isEqualTo(403));
            Eventually.within(
                    Duration.ofSeconds(10),
                    "the rest is counted",
                    () -> Audited.allOf(api, "*").stream()
                                    .filter(row -> row.action().equals("DENIALS_LEFT_OUT"))
                                    .mapToInt(Audited::resultCount)
                                    .sum()
                            == 20 - BURST);
            assertThat(Audited.allOf(api, "*").stream()
                            .filter(row -> row.actor().equals("eve"))
                            .count())
                    .isEqualTo(BURST);
        }
    }

    private void deny(String actor, String ip) {
        denials.write(new AuditRow(
                Instant.now(),
                actor,
                List.of(),
                ip,
                "curl",
                "LOOKUP_TX",
                "TX",
                "T",
                "GET",
                "/admin/tx/T",
                null,
                AuditRow.Result.DENIED,
                401,
                0,
                0,
                "c",
                null));
    }

    private long rows(String result) throws SQLException {
        return number("SELECT count(*) FROM bo.audit WHERE result = '" + result + "'");
    }

    private long number(String sql) throws SQLException {
        return Long.parseLong(text(sql));
    }

    private String text(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
