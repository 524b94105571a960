package txlookup.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static txlookup.api.StoredEntry.payment;
import static txlookup.api.StoredOrder.order;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import txlookup.api.config.LookupApiSettings;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/** Starting and ending. */
class LookupApiIT {
    private static final String MANY_ENTRIES_OF_ONE_ORDER = """
            INSERT INTO ledger_entry (event_time, created_at, source_time, digest, source_position, ingested_at,
                source_id, tx_id, wallet_id, entry_type, amount, related_id, related_type)
            SELECT now(), now(), now(), 0, n, now(), 1, 'TX-' || n, 'W', 'PAYMENT', 1, 'ORD-1', 'PAYMENT_ORDER'
            FROM generate_series(1, 20000) n""";

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        TestDatabase database = SharedPostgres.newDatabase();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            LookupApiSettings settings = Changed.http(
                    RunningApi.settings(database), LookupApiSettings.Http.on("127.0.0.1", taken.getLocalPort()));

            assertThatIllegalStateException()
                    .isThrownBy(() -> LookupApi.start(settings))
                    .withMessage(
                            "The lookup API cannot listen on 127.0.0.1:%d because something else does; "
                                    + "end that or choose another port",
                            taken.getLocalPort());
        }
    }

    @Test
    void requestsRunOnVirtualThreadsWhereTheJdkHasThem() {
        try (RunningApi api = RunningApi.start()) {
            String thread = ApiLog.of("c-1", () -> api.get("/admin/tx/TX-1", "X-Correlation-ID", "c-1"))
                    .get(0)
                    .getThreadName();

            assertThat(thread.startsWith("lookup-"))
                    .as(thread)
                    .isEqualTo(Runtime.version().feature() >= 21);
        }
    }

    @Test
    void closingEndsTheLookupsThatRunAndTakesNoMore() throws Exception {
        RunningApi api = RunningApi.start();
        api.store(payment("TX-1"));
        CompletableFuture<HttpResponse<String>> running;
        CompletableFuture<Void> closing;
        try (Connection locker = lockEntries(api.database())) {
            running = CompletableFuture.supplyAsync(() -> api.get("/admin/tx/TX-1"));
            awaitBlockedLookup(api.database());
            closing = CompletableFuture.runAsync(api::close);
            awaitRefusal(api.port());
            locker.rollback();
        }
        assertThat(running.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        closing.get(20, TimeUnit.SECONDS);
        assertThat(Audited.of(api, "TX-1").result()).isEqualTo("FOUND");
    }

    @Test
    void aProcessThatIsAskedToEndEndsTheLookupsThatRun() throws Exception {
        TestDatabase database = RunningApi.served();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SeparateApi.class.getName(),
                        database.jdbcUrl(),
                        database.user())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            process.getOutputStream().write((database.password() + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            int port = SeparateApi.port(output);
            HttpRequest lookup = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/admin/tx/TX-NONE"))
                    .build();
            CompletableFuture<HttpResponse<String>> running;
            try (Connection locker = lockEntries(database)) {
                running = HttpClient.newHttpClient().sendAsync(lookup, HttpResponse.BodyHandlers.ofString());
                awaitBlockedLookup(database);
                process.destroy();
                awaitRefusal(port);
                locker.rollback();
            }
            assertThat(running.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(404);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(128 + 15);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aCallerThatHasGoneIsNoFaultOfTheService() {
        try (RunningApi api = RunningApi.start()) {
            api.store(order("ORD-1"));
            // More than any buffer between here and there holds.
            api.execute(MANY_ENTRIES_OF_ONE_ORDER);
            List<ILoggingEvent> lines = ApiLog.of("gone", () -> askAndGoAway(api));

            assertThat(lines)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .singleElement()
                    .asString()
                    .startsWith("GET /admin/payment-orders/{order_id} 200 in ");
            assertThat(Audited.of(api, "ORD-1").statusCode()).isEqualTo(200);
        }
    }

    private static void askAndGoAway(RunningApi api) {
        try (Connection locker = lockEntries(api.database())) {
            try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
                caller.getOutputStream()
                        .write("GET /admin/payment-orders/ORD-1 HTTP/1.1\r\nHost: x\r\nX-Correlation-ID: gone\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                awaitBlockedLookup(api.database());
                caller.setSoLinger(true, 0); // closing resets the connection
            }
            locker.rollback();
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connection lockEntries(TestDatabase database) throws SQLException {
        RunningApi.awaitPrepared(database, RunningApi.GENERATION);
        Connection locker = database.connect();
        locker.setAutoCommit(false);
        try (Statement lock = locker.createStatement()) {
            lock.execute("LOCK TABLE ledger_entry IN ACCESS EXCLUSIVE MODE");
        }
        return locker;
    }

    private static void awaitBlockedLookup(TestDatabase database) {
        Eventually.within(Duration.ofSeconds(10), "the lookup waits for the lock", () -> {
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_stat_activity "
                            + "WHERE datname = current_database() AND wait_event_type = 'Lock'")) {
                return row.next() && row.getInt(1) == 1;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void awaitRefusal(int port) {
        Eventually.within(Duration.ofSeconds(10), "no more connections are taken", () -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return !socket.isConnected();
            } catch (IOException refused) {
                return true;
            }
        });
    }
}
