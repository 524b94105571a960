package txlookup.api.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import txlookup.api.Changed;
import txlookup.api.RunningApi;
import txlookup.api.auth.TokenIssuer;

/** Whatever is sent: no 5xx, no stack trace, nothing of the request as a line of its own in the log or the answer. */
class MalformedRequestsIT {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
    private static final Pattern INSIDES =
            Pattern.compile("\\tat |Exception|java\\.|org\\.(apache|spring|postgresql)|SELECT ");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\u2028\\u2029]");
    private static final RSAKey KEY = TokenIssuer.rsaKey("rsa-1");

    private static TokenIssuer issuer;
    private static RunningApi guarded;
    private static RunningApi open;

    private final Queue<String> badLines = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() {
        issuer = TokenIssuer.start();
        issuer.show(KEY);
        guarded = RunningApi.start(settings -> Changed.authentication(settings, "cloud-test", issuer.oidc()));
        open = RunningApi.start();
    }

    @AfterAll
    static void stop() {
        guarded.close();
        open.close();
        issuer.close();
    }

    @Test
    void fiveHundredMalformedRequestsAreEachAnsweredWithoutAFailure() {
        send(500, 20_261_121);
    }

    @Test
    @Tag("nightly")
    void aHundredThousandMalformedRequestsAreEachAnsweredWithoutAFailure() {
        send(100_000, 20_261_122);
    }

    private void send(int requests, long seed) {
        MalformedRequest malformed = new MalformedRequest(
                new Random(seed), List.of(TokenIssuer.sign(issuer.claims(), KEY), "eyJhbGciOiJub25lIn0.e30."));
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Logger own = (Logger) LoggerFactory.getLogger("txlookup");
        Level before = own.getLevel();
        AppenderBase<ILoggingEvent> log = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent line) {
                String text = line.getFormattedMessage() + line.getMDCPropertyMap();
                if (CONTROL.matcher(text).find() || line.getThrowableProxy() != null) {
                    badLines.add(text);
                }
            }
        };
        log.start();
        root.addAppender(log);
        own.setLevel(Level.INFO);
        try {
            for (int i = 0; i < requests; i++) {
                RunningApi api = i % 2 == 0 ? guarded : open;
                String request = malformed.next();
                String answer = exchange(api.port(), request);
                String what = "seed %d, request %d:%n%s%nanswer:%n%s".formatted(seed, i, request, answer);
                var status = STATUS.matcher(answer);
                assertThat(status.lookingAt()).as(what).isTrue();
                assertThat(status.group(1)).as(what).doesNotStartWith("5");
                assertThat(INSIDES.matcher(answer).find()).as(what).isFalse();
                // The page of a wallet may well show the name that was asked for, as text.
                assertThat(head(answer)).as(what).doesNotContain("\nX-Injected");
                assertThat(badLines).as(what).isEmpty();
            }
        } finally {
            root.detachAppender(log);
            own.setLevel(before);
        }
        assertThat(open.get("/admin/tx/TX-none").statusCode()).isEqualTo(404);
        assertThat(guarded.get("/admin/tx/TX-none").statusCode()).isEqualTo(401);
    }

    private static String head(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        return end < 0 ? answer : answer.substring(0, end);
    }

    private static String exchange(int port, String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.shutdownOutput(); // a request that announces more than it sends ends here
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
