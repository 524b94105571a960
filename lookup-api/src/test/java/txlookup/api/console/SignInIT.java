package txlookup.api.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import txlookup.api.Audited;
import txlookup.api.Eventually;
import txlookup.api.RunningApi;
import txlookup.local.issuer.IssuerProgram;

/**
 * People in a real Chromium sign in at a real issuer, to two API processes. They lose their session, sign in again, act, and
 * sign out.
 */
@Tag("nightly")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SignInIT {
    private static final java.time.Duration STARTED = java.time.Duration.ofSeconds(90);
    private static final int FRESH_SECONDS = 4;

    @TempDir
    private static Path folder;

    private static final List<Process> PROCESSES = new ArrayList<>();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static RunningApi store;
    private static Browser browser;
    private static String issuer;
    private static String one;
    private static String other;
    private static Process first;

    @BeforeEach
    void requireABrowser() {
        Browser.assumeThatItIsDue();
    }

    @BeforeAll
    static void open() throws Exception {
        if (!Browser.isDue()) {
            return;
        }
        store = RunningApi.startFilled(settings -> settings);
        List<Integer> ports = freePorts(3);
        issuer = "http://127.0.0.1:" + ports.get(0);
        one = "http://127.0.0.1:" + ports.get(1);
        other = "http://127.0.0.1:" + ports.get(2);
        started(new ProcessBuilder(IssuerProgram.command(ports.get(0), List.of(one, other))), "issuer");
        first = api(ports.get(1));
        api(ports.get(2));
        awaitReady(issuer);
        awaitReady(one);
        awaitReady(other);
        browser = Browser.open(one, folder.resolve("browser"));
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
        PROCESSES.forEach(Process::destroyForcibly);
        if (store != null) {
            store.close();
        }
    }

    @Test
    void peopleSignInLoseTheirSessionActAndSignOut() throws Exception {
        signInAndLookUp();
        anyProcessServesTheSessionAlsoAfterTheRestartOfItsMaker();
        anActWithoutTheRoleIsRefused();
        anEndedSessionLeadsBackToTheSamePage();
        rotateKeys();
        signOutEverywhere("reader");
        anActThatCannotBeUndoneTakesAFreshSignIn();
        signOutEverywhere("operator");
        assertThat(browser.complaints()).isEmpty();
    }

    private static void signInAndLookUp() {
        browser.go("/tx/TX-PAY");
        giveCredentials("reader");
        browser.await("/tx/TX-PAY");
        assertThat(browser.url()).startsWith(one);
        assertThat(browser.element(".band").getText()).contains("Complete: both sides are here");
        assertThat(browser.element(".person").getText()).isEqualTo("reader");
        assertThat(Audited.allOf(store, "console"))
                .extracting(row -> row.action() + " " + row.actor() + " " + row.result() + " " + row.ip())
                .containsExactly("SIGN_IN oid-of-reader FOUND 127.0.0.1");
        assertThat(Audited.allOf(store, "console").get(0).roles()).containsExactly("ADMIN_READ");
        List<Audited> rows = Audited.allOf(store, "TX-PAY");
        assertThat(rows).extracting(Audited::actor).containsExactly("anonymous", "oid-of-reader");
        Audited row = rows.get(1);
        assertThat(row.roles()).containsExactly("ADMIN_READ");
        assertThat(browser.accessibilityViolations()).isEmpty();
        browser.screenshot("signed-in");
    }

    private static void anyProcessServesTheSessionAlsoAfterTheRestartOfItsMaker() throws Exception {
        browser.goTo(other + "/orders/ORD-OPEN");
        assertThat(browser.url()).isEqualTo(other + "/orders/ORD-OPEN");
        assertThat(browser.element(".person").getText()).isEqualTo("reader");
        first.destroyForcibly().waitFor();
        first = api(URI.create(one).getPort());
        awaitReady(one);
        browser.go("/wallets/W-3");
        assertThat(browser.path()).isEqualTo("/wallets/W-3");
        assertThat(browser.element(".person").getText()).isEqualTo("reader");
    }

    private static void anActWithoutTheRoleIsRefused() {
        browser.go("/generations/acts/rebuild");
        assertThat(browser.text()).contains("Not allowed", "ADMIN_OPERATE").doesNotContain("Sign in again");
        assertThat(Audited.of(store, "rebuild").result()).isEqualTo("DENIED");
    }

    private static void anEndedSessionLeadsBackToTheSamePage() {
        for (String end : List.of("last_access_time = 0", "creation_time = 0")) {
            String before = sessions("oid-of-reader");
            store.execute("UPDATE bo.session SET " + end);
            browser.goTo(other + "/wallets/W-3?limit=5");
            // The issuer still knows the person, so nobody types anything.
            assertThat(browser.url()).isEqualTo(other + "/wallets/W-3?limit=5");
            assertThat(browser.element(".person").getText()).isEqualTo("reader");
            assertThat(sessions("oid-of-reader")).isNotEqualTo(before);
        }
    }

    private static void rotateKeys() throws Exception {
        HttpResponse<Void> rotated = HTTP.send(
                HttpRequest.newBuilder(URI.create(issuer + "/rotate"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        assertThat(rotated.statusCode()).isEqualTo(204);
    }

    private static void signOutEverywhere(String person) {
        browser.go("/");
        browser.element(".leave button").click();
        browser.await("/signed-out");
        assertThat(browser.text()).contains("You are signed out");
        assertThat(browser.recent()).isEmpty();
        assertThat(browser.accessibilityViolations()).isEmpty();
        browser.screenshot("signed-out");
        browser.follow("한국어");
        assertThat(browser.text()).contains("로그아웃되었습니다");
        browser.follow("English");
        assertThat(sessions("oid-of-" + person)).isEmpty();
        List<Audited> rows = Audited.allOf(store, "console");
        assertThat(rows.get(rows.size() - 1).action()).isEqualTo("SIGN_OUT");
        assertThat(rows.get(rows.size() - 1).actor()).isEqualTo("oid-of-" + person);
        browser.goTo(other + "/");
        assertThat(browser.url()).startsWith(issuer);
    }

    private static void anActThatCannotBeUndoneTakesAFreshSignIn() throws InterruptedException {
        browser.go("/dead-letters/1");
        giveCredentials("operator");
        browser.await("/dead-letters/1");
        TimeUnit.SECONDS.sleep(FRESH_SECONDS + 1);
        discard();
        assertThat(browser.text()).contains("Not allowed", "sign in once more");
        assertThat(letters("OPEN")).isEqualTo("1");
        assertThat(browser.accessibilityViolations()).isEmpty();
        browser.screenshot("fresh-sign-in");
        browser.follow("Sign in again");
        giveCredentials("operator");
        browser.await("/dead-letters/1");
        discard();
        browser.awaitThat("the discard is shown", () -> browser.path().startsWith("/dead-letters/runs/"));
        assertThat(letters("DISCARDED")).isEqualTo("1");
    }

    private static void discard() {
        browser.element("input[name=note]").sendKeys("a test");
        browser.element("button.danger").click();
    }

    private static void giveCredentials(String person) {
        browser.element("input[name=username]").sendKeys(person);
        browser.element("input[name=password]").sendKeys(person, Keys.ENTER);
    }

    private static String sessions(String actor) {
        return text("SELECT string_agg(primary_id, ',') FROM bo.session WHERE principal_name = '%s'".formatted(actor));
    }

    private static String letters(String state) {
        return text(
                "SELECT string_agg(dead_letter_id::text, ',') FROM dead_letter WHERE state = '%s' AND dead_letter_id = 1"
                        .formatted(state));
    }

    private static String text(String sql) {
        try (Connection database = store.database().connect();
                Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1) == null ? "" : row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Process api(int port) throws IOException {
        Process process = started(
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Dlogging.config=" + System.getProperty("logging.config"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SignedInApi.class.getName(),
                        store.database().jdbcUrl(),
                        store.database().user(),
                        Integer.toString(port),
                        issuer,
                        Integer.toString(FRESH_SECONDS)),
                "api-" + port);
        process.getOutputStream().write((store.database().password() + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return process;
    }

    private static Process started(ProcessBuilder builder, String name) throws IOException {
        Path log = Path.of("target", "sign-in-" + name + ".log");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        PROCESSES.add(process);
        return process;
    }

    private static void awaitReady(String address) {
        Eventually.within(STARTED, address + " is ready", () -> {
            try {
                return HTTP.send(
                                        HttpRequest.newBuilder(URI.create(address + "/ready"))
                                                .build(),
                                        HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200;
            } catch (ConnectException e) {
                return false;
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int port = 0; port < count; port++) {
            sockets.add(new ServerSocket(0));
        }
        List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }
}
