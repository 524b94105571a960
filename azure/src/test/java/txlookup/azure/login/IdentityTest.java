package txlookup.azure.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.identity.ClientAssertionCredentialBuilder;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tokens are asked for once, and in a workflow with an assertion that is still good. */
@Timeout(30)
class IdentityTest {
    private static final TokenRequestContext LOOKUPS = new TokenRequestContext().addScopes("api://txlookup/.default");
    private static final TokenRequestContext AZURE =
            new TokenRequestContext().addScopes("https://management.azure.com/.default");

    private final AtomicInteger assertions = new AtomicInteger();
    private HttpServer gitHub;

    @BeforeEach
    void start() throws Exception {
        gitHub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gitHub.createContext("/", exchange -> {
            boolean ours =
                    "Bearer of-the-job".equals(exchange.getRequestHeaders().getFirst("Authorization"))
                            && exchange.getRequestURI().getQuery().endsWith("&audience=api://AzureADTokenExchange");
            byte[] body = "{\"count\":9,\"value\":\"assertion-%d\"}"
                    .formatted(assertions.incrementAndGet())
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(ours ? 200 : 403, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        gitHub.start();
    }

    @AfterEach
    void stop() {
        gitHub.stop(0);
    }

    /** Azure's command line keeps nothing (azure-sdk-for-java, azure-identity/TOKEN_CACHING.md): a process a token. */
    @Test
    void aHundredLookupsAskForOneToken() {
        List<String> asked = new ArrayList<>();
        TokenCredential commandLine = request -> Mono.fromCallable(() -> {
            asked.add(request.getScopes().get(0));
            return new AccessToken("token-" + asked.size(), OffsetDateTime.now().plusHours(1));
        });
        CachedCredential cached = new CachedCredential(commandLine);

        assertThat(IntStream.range(0, 100)
                        .mapToObj(number -> cached.getTokenSync(LOOKUPS).getToken()))
                .containsOnly("token-1");
        assertThat(cached.getTokenSync(AZURE).getToken()).isEqualTo("token-2");
        assertThat(asked).hasSize(2);
    }

    /** Entra here takes each assertion once, as if minutes lay between (Azure/azure-cli#28708, Azure/login#180 and #372). */
    @Test
    void eachTokenOfAWorkflowIsAskedForWithAnAssertionOfItsOwn() {
        List<String> taken = new ArrayList<>();
        HttpClient entra = request -> Mono.fromCallable(() -> takenOnce(request, taken));
        TokenCredential credential = new ClientAssertionCredentialBuilder()
                .tenantId("11111111-1111-1111-1111-111111111111")
                .clientId("22222222-2222-2222-2222-222222222222")
                .disableInstanceDiscovery()
                .clientAssertion(GitHubAssertion.of(workflow("of-the-job")).orElseThrow())
                .httpClient(entra)
                .build();

        assertThat(credential.getTokenSync(AZURE).getToken()).startsWith("of-assertion-");
        assertThat(credential.getTokenSync(LOOKUPS).getToken()).startsWith("of-assertion-");
        assertThat(taken).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void aJobThatMayNotAskIsToldWhichPermissionItWants() {
        assertThatThrownBy(() ->
                        GitHubAssertion.of(workflow("of-another")).orElseThrow().get())
                .hasMessageContaining("403")
                .hasMessageContaining("id-token: write");
        assertThat(GitHubAssertion.of(Map.of("AZURE_CLIENT_ID", "a", "AZURE_TENANT_ID", "b")))
                .as("a container is told its client as well, and is no workflow")
                .isEmpty();
    }

    private Map<String, String> workflow(String token) {
        return Map.of(
                "ACTIONS_ID_TOKEN_REQUEST_URL",
                "http://127.0.0.1:%d/token?api-version=2"
                        .formatted(gitHub.getAddress().getPort()),
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
                token,
                "AZURE_CLIENT_ID",
                "22222222-2222-2222-2222-222222222222",
                "AZURE_TENANT_ID",
                "11111111-1111-1111-1111-111111111111");
    }

    private static HttpResponse takenOnce(HttpRequest request, List<String> taken) {
        Matcher assertion = Pattern.compile("client_assertion=(assertion-\\d+)")
                .matcher(request.getBodyAsBinaryData().toString());
        if (!assertion.find() || taken.contains(assertion.group(1))) {
            return new Answer(
                    request,
                    401,
                    "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS700024: Client assertion is not within its valid time range.\"}");
        }
        taken.add(assertion.group(1));
        return new Answer(
                request,
                200,
                "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"of-%s\"}"
                        .formatted(assertion.group(1)));
    }

    private static final class Answer extends HttpResponse {
        private final int status;
        private final byte[] body;

        Answer(HttpRequest request, int status, String body) {
            super(request);
            this.status = status;
            this.body = body.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int getStatusCode() {
            return status;
        }

        @Override
        @SuppressWarnings("deprecation")
        public String getHeaderValue(String name) {
            return getHeaders().getValue(name);
        }

        @Override
        public HttpHeaders getHeaders() {
            return new HttpHeaders().set(HttpHeaderName.CONTENT_TYPE, "application/json");
        }

        @Override
        public Flux<ByteBuffer> getBody() {
            return Flux.just(ByteBuffer.wrap(body));
        }

        @Override
        public Mono<byte[]> getBodyAsByteArray() {
            return Mono.just(body);
        }

        @Override
        public Mono<String> getBodyAsString() {
            return Mono.just(new String(body, StandardCharsets.UTF_8));
        }

        @Override
        public Mono<String> getBodyAsString(Charset charset) {
            return Mono.just(new String(body, charset));
        }
    }
}
