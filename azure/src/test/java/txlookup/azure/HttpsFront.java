package txlookup.azure;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * HTTPS in front of the fake, and a managed identity's endpoint beside it: Azure's command line sends a token over
 * nothing else.
 */
final class HttpsFront implements AutoCloseable {
    private static final String PASSWORD = "changeit";
    private static final String TENANT = "99999999-2222-3333-4444-555555555555";

    private final URI behind;
    private final Path certificate;
    private final HttpsServer server;
    private final HttpServer identity;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final HttpClient http = HttpClient.newHttpClient();

    private HttpsFront(URI behind, Path certificate, SSLContext keys) throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        this.behind = behind;
        this.certificate = certificate;
        this.server = HttpsServer.create(anyPort, 0);
        this.identity = HttpServer.create(anyPort, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(keys));
        server.setExecutor(threads);
        server.createContext("/", this::pass);
        server.start();
        identity.createContext("/msi", HttpsFront::token);
        identity.start();
    }

    static HttpsFront start(URI behind, Path folder)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve("front.p12");
        Process made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "front",
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (made.waitFor() != 0) {
            throw new IOException("keytool: " + said);
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        String pem = "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                .formatted(Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(keys.getCertificate("front").getEncoded()));
        return new HttpsFront(behind, Files.writeString(folder.resolve("front.pem"), pem), context);
    }

    URI endpoint() {
        return URI.create("https://localhost:%d".formatted(server.getAddress().getPort()));
    }

    URI identityEndpoint() {
        return URI.create(
                "http://127.0.0.1:%d/msi".formatted(identity.getAddress().getPort()));
    }

    /** What a client has to trust. */
    Path certificate() {
        return certificate;
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] sent = exchange.getRequestBody().readAllBytes();
            HttpRequest request = HttpRequest.newBuilder(behind.resolve(exchange.getRequestURI()))
                    .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(sent))
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            for (Map.Entry<String, List<String>> header : answer.headers().map().entrySet()) {
                if (!List.of("content-length", "date", "transfer-encoding").contains(header.getKey())) {
                    exchange.getResponseHeaders()
                            .put(
                                    header.getKey(),
                                    List.of(outside(header.getValue().get(0))));
                }
            }
            send(exchange, answer.statusCode(), outside(answer.body()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String outside(String text) {
        return text.replace(behind.toString(), endpoint().toString());
    }

    private static void token(HttpExchange exchange) throws IOException {
        try (exchange) {
            long end = Instant.now().getEpochSecond() + 3_600;
            String claims = "{\"tid\": \"%s\", \"oid\": \"of-a-test\", \"appid\": \"of-a-test\", \"exp\": %d}"
                    .formatted(TENANT, end);
            String token = "%s.%s.c2ln".formatted(encoded("{\"alg\": \"none\"}"), encoded(claims));
            send(
                    exchange,
                    200,
                    "{\"access_token\": \"%s\", \"token_type\": \"Bearer\", \"expires_on\": \"%d\", \"expires_in\": \"3600\", \"resource\": \"any\"}"
                            .formatted(token, end));
        }
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        identity.stop(0);
        threads.shutdownNow();
    }
}
