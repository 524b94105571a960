package txlookup.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import txlookup.api.GoldenExchange;
import txlookup.api.RunningApi;

/** {@code contracts/openapi/lookup.yaml} is valid, and says what the service does: no more and no less. */
class OpenApiIT {
    private static final Path FILE = Path.of("..", "contracts", "openapi", "lookup.yaml");
    private static final String LOCATION = "https://txlookup.invalid/lookup.yaml";
    private static final Set<String> NOT_OF_ONE_ANSWER = Set.of(
            "X-Data-As-Of",
            "X-Data-Stale",
            "traceparent",
            "Content-Type",
            "Content-Length",
            "Allow",
            "RateLimit",
            "RateLimit-Policy",
            "X-Correlation-ID");

    // Pages for people: what they show may change with every version.
    private static final Set<String> CONSOLE = Set.of(
            "GET /",
            "GET /tx/{tx_id}",
            "GET /orders/{order_id}",
            "GET /wallets/{wallet_id}",
            "GET /open-pairs",
            "GET /lookups",
            "GET /payments",
            "POST /lookups",
            "GET /dead-letters",
            "GET /dead-letters/{id}",
            "GET /dead-letters/runs/{id}",
            "POST /dead-letters/trials",
            "POST /dead-letters/runs/{id}/replay",
            "POST /dead-letters/discards",
            "POST /dead-letters/runs/{id}/confirm",
            "POST /dead-letters/runs/{id}/decline",
            "GET /me",
            "GET /docs",
            "GET /pipeline",
            "GET /signed-out",
            "GET /audit",
            "GET /pipeline/stream",
            "GET /rebuilds",
            "GET /rebuilds/{generation}",
            "GET /generations/acts/{act}",
            "POST /generations/acts/{act}",
            "GET /acts/{id}",
            "GET /language/{language}",
            "GET /assets/{name}");

    private static String text;
    private static SwaggerParseResult parsed;
    private static OpenAPI api;
    private static SchemaRegistry schemas;

    @BeforeAll
    static void read() throws IOException {
        text = Files.readString(FILE);
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        parsed = new OpenAPIV3Parser().readContents(text, null, options);
        api = parsed.getOpenAPI();
        schemas =
                SchemaRegistry.withDialect(Dialects.getOpenApi31(), builder -> builder.schemas(Map.of(LOCATION, text)));
    }

    static List<GoldenExchange> exchanges() {
        return GoldenExchange.all();
    }

    @Test
    void theDocumentIsValid() {
        assertThat(parsed.getMessages()).isEmpty();
        assertThat(api.getOpenapi()).isEqualTo("3.1.0");
    }

    @Test
    void theServiceShowsIt() {
        try (RunningApi running = RunningApi.start()) {
            assertThat(running.get("/openapi.yaml").body()).isEqualTo(text);
            Set<String> described = new TreeSet<>(running.routes());
            described.removeAll(CONSOLE);
            assertThat(described).isEqualTo(routes());
        }
    }

    @Test
    void everyRouteHasAGoldenExchangeOfEachStatusThatItsDocumentNames() {
        Set<String> missing = new TreeSet<>();
        // What an act answers depends on what was done before it: ActsOverHttpIT.
        api.getPaths()
                .forEach((route, path) ->
                        Optional.ofNullable(path.getGet())
                                .map(get -> get.getResponses().keySet())
                                .orElse(Set.of())
                                .stream()
                                .filter(status -> exchanges().stream()
                                        .noneMatch(golden ->
                                                matches(route, golden.path()) && status.equals("" + golden.status())))
                                .forEach(status -> missing.add(route + " " + status)));
        // Metrics and this document change with each version.
        missing.removeIf(entry -> entry.matches("/(metrics|openapi.yaml) 200"));

        assertThat(missing).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exchanges")
    void everyGoldenAnswerIsAsTheDocumentSays(GoldenExchange golden) {
        Optional<Operation> operation = operation(golden);
        if (operation.isEmpty()) {
            assertThat(golden.status()).isBetween(400, 499);
            assertThat(errors("Problem", golden.body())).isEmpty();
            return;
        }
        ApiResponse response = response(operation.get(), golden.status());
        assertThat(response).as("status %d is in the document", golden.status()).isNotNull();
        assertThat(response.getContent().keySet()).containsExactly(golden.mediaType());
        if (!golden.method().equals("HEAD") && !golden.mediaType().equals("text/csv")) {
            String schema =
                    response.getContent().get(golden.mediaType()).getSchema().get$ref();
            assertThat(errors(schema.substring(schema.lastIndexOf('/') + 1), golden.body()))
                    .isEmpty();
        }
        if (golden.status() == 200 && golden.path().startsWith("/admin/")) {
            assertThat(response.getHeaders().keySet())
                    .containsAll(golden.headers().stream()
                            .filter(header -> !header.startsWith("Content-Type") && !header.equals("Content-Length"))
                            .toList());
        } else {
            assertThat(golden.headers())
                    .containsAll(
                            response.getHeaders() == null
                                    ? List.of()
                                    : response.getHeaders().keySet().stream()
                                            .filter(header -> !NOT_OF_ONE_ANSWER.contains(header))
                                            .toList());
        }
    }

    private static List<String> errors(String schema, String body) {
        Schema found = schemas.getSchema(SchemaLocation.of(LOCATION + "#/components/schemas/" + schema));
        return found.validate(body, InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }

    private static ApiResponse response(Operation operation, int status) {
        ApiResponse response = operation.getResponses().get(Integer.toString(status));
        if (response == null || response.get$ref() == null) {
            return response;
        }
        String name = response.get$ref().substring(response.get$ref().lastIndexOf('/') + 1);
        return api.getComponents().getResponses().get(name);
    }

    private static Optional<Operation> operation(GoldenExchange golden) {
        boolean read = golden.method().equals("GET") || golden.method().equals("HEAD");
        return api.getPaths().entrySet().stream()
                .filter(path -> read && path.getValue().getGet() != null && matches(path.getKey(), golden.path()))
                .map(path -> path.getValue().getGet())
                .findFirst();
    }

    private static boolean matches(String route, String path) {
        return path.matches(route.replaceAll("\\{[^}]+}", "[^/]+").replace(".", "\\."));
    }

    private static Set<String> routes() {
        Set<String> routes = new TreeSet<>();
        api.getPaths().forEach((route, path) -> path.readOperationsMap()
                .keySet()
                .forEach((PathItem.HttpMethod method) -> routes.add(method + " " + route)));
        return routes;
    }
}
