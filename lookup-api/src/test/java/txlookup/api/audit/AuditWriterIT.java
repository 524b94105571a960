package txlookup.api.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.api.Eventually;
import txlookup.api.RunningApi;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.store.LookupConnections;
import txlookup.api.web.ProblemException;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

class AuditWriterIT {
    private static final LookupApiSettings.Audit SETTINGS =
            new LookupApiSettings.Audit(1_000, 500, Duration.ofSeconds(30));

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final TestDatabase database = SharedPostgres.newDatabase();
    private HikariDataSource connections;
    private AuditWriter writer;

    @BeforeEach
    void start() {
        RunningApi.migrate(database);
        connections = LookupConnections.forAudit(
                new LookupApiSettings.Database(
                        database.jdbcUrl(),
                        database.user(),
                        Optional.of(database.password()),
                        1,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30)),
                new SimpleMeterRegistry());
        writer = new AuditWriter(connections, SETTINGS);
    }

    @AfterEach
    void stop() {
        callers.shutdownNow();
        writer.close();
        connections.close();
    }

    @Test
    void rowsThatComeDuringACommitShareTheNextOne() throws SQLException {
        List<CompletableFuture<Void>> writes = writeDuringOneCommit(99);
        writes.forEach(CompletableFuture::join);

        assertThat(number("SELECT count(DISTINCT resource_id) FROM bo.audit")).isEqualTo(100);
        assertThat(number("SELECT count(*) FROM bo.audit")).isEqualTo(100);
        assertThat(number("SELECT count(DISTINCT xmin::text) FROM bo.audit"))
                .as("commits")
                .isEqualTo(2);
    }

    @Test
    void anErrorFailsItsRowsAndTheWriterGoesOn() throws SQLException {
        AtomicBoolean fails = new AtomicBoolean(true);
        DataSource failing = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (fails.getAndSet(false)) {
                        throw new NoClassDefFoundError("a test");
                    }
                    return method.invoke(connections, arguments);
                });
        try (AuditWriter once = new AuditWriter(failing, SETTINGS)) {
            assertThatThrownBy(() -> once.write(row("R-1")))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("a test");
            once.write(row("R-2"));
            assertThat(once.fault()).isEmpty();
        }
        assertThat(number("SELECT count(*) FROM bo.audit WHERE resource_id = 'R-2'"))
                .isEqualTo(1);
    }

    @Test
    void aRowThatIsGivenUpBeforeItsTurnIsLeftOut() throws SQLException {
        LookupApiSettings.Audit hasty = new LookupApiSettings.Audit(10, 1, Duration.ofSeconds(1));
        try (AuditWriter hastyWriter = new AuditWriter(connections, hasty)) {
            try (Connection locker = database.connect();
                    Statement statement = locker.createStatement()) {
                locker.setAutoCommit(false);
                statement.execute("LOCK TABLE bo.audit IN ACCESS EXCLUSIVE MODE");
                assertThatThrownBy(() -> hastyWriter.write(row("under way"))).isInstanceOf(ProblemException.class);
                assertThatThrownBy(() -> hastyWriter.write(row("given up"))).isInstanceOf(ProblemException.class);
                locker.rollback();
            }
            Eventually.within(Duration.ofSeconds(10), "it writes again", () -> hastyWriter
                    .fault()
                    .isEmpty());
            hastyWriter.write(row("later"));
        }

        assertThat(text("SELECT string_agg(resource_id, ', ' ORDER BY audit_id) FROM bo.audit"))
                .isEqualTo("under way, later");
    }

    @Test
    void closingWritesWhatWaitsAndThenStops() throws SQLException {
        writeDuringOneCommit(50);
        writer.close();

        assertThat(number("SELECT count(*) FROM bo.audit")).isEqualTo(51);
        assertThat(writer.fault()).hasValueSatisfying(fault -> assertThat(fault).contains("stopped"));
    }

    @Test
    void aRowIsCommittedWhenItsWriteReturns() {
        for (int row = 1; row <= 20; row++) {
            writer.write(row("row-" + row));

            assertThat(number("SELECT count(*) FROM bo.audit")).isEqualTo(row);
        }
    }

    @Test
    void whatPostgresCannotHoldIsReplacedAndKeepsNoOtherRowAway() {
        writer.write(row("nul \u0000, half a pair \uD800, a whole one \uD83D\uDE00, \"quoted\\\""));

        assertThat(text("SELECT resource_id FROM bo.audit"))
                .isEqualTo("nul \uFFFD, half a pair \uFFFD, a whole one \uD83D\uDE00, \"quoted\\\"");
        assertThat(text("SELECT array_to_string(roles, '|') FROM bo.audit")).isEqualTo("A,B|C\uFFFD|\"{}");
    }

    @Test
    void theCommitIsOnDiskEvenWhereTheDatabasesDefaultIsNotToWait() throws SQLException {
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW synchronous_commit")) {
            row.next();

            assertThat(row.getString(1)).isEqualTo("on");
        }
    }

    /** One row whose commit is held up, and more that come meanwhile. */
    private List<CompletableFuture<Void>> writeDuringOneCommit(int rows) throws SQLException {
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        try (Connection locker = database.connect();
                Statement statement = locker.createStatement()) {
            locker.setAutoCommit(false);
            statement.execute("LOCK TABLE bo.audit IN ACCESS EXCLUSIVE MODE");
            writes.add(write("first"));
            Eventually.within(
                    Duration.ofSeconds(10),
                    "the first row is being written",
                    () -> number(
                                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")
                            == 1);
            for (int row = 0; row < rows; row++) {
                writes.add(write("row-" + row));
            }
            Eventually.within(Duration.ofSeconds(10), "all rows wait", () -> writer.waiting() == rows);
            locker.rollback();
        }
        return writes;
    }

    private CompletableFuture<Void> write(String resourceId) {
        return CompletableFuture.runAsync(() -> writer.write(row(resourceId)), callers);
    }

    private static AuditRow row(String resourceId) {
        return new AuditRow(
                RunningApi.NOW,
                "kim",
                List.of("A,B", "C\u0000", "\"{}"),
                "127.0.0.1",
                null,
                "LOOKUP_TX",
                "TX",
                resourceId,
                "GET",
                "/admin/tx/x",
                null,
                AuditRow.Result.FOUND,
                200,
                1,
                1,
                "c",
                resourceId.isEmpty() ? null : RunningApi.GENERATION);
    }

    private long number(String sql) {
        return Long.parseLong(text(sql));
    }

    private String text(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
