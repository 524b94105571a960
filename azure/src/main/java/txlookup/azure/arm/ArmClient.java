package txlookup.azure.arm;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Requests to Azure Resource Manager. {@link #read} tries again through throttling, server errors and silence;
 * {@link #send} asks once, because what changes something is looked at anew before it is asked again.
 */
public final class ArmClient {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);
    private static final int MOST_PAGES = 1_000;
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(30))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    private final URI endpoint;
    private final Supplier<Optional<String>> token;
    private final Sleeper waiting;
    private final Limits limits;
    private final Consumer<ArmCall> record;

    /**
     * How long is waited.
     *
     * @param request for one answer
     * @param patience from the first failure of a reading to giving it up
     */
    public record Limits(Duration request, Duration patience) {
        /** A minute for an answer, ten of patience; Azure itself retries a failing delete for 15 minutes. */
        public static Limits usual() {
            return new Limits(Duration.ofMinutes(1), Duration.ofMinutes(10));
        }
    }

    /**
     * A client of that endpoint.
     *
     * @param endpoint {@code https://management.azure.com}, another cloud's, or this machine's over plain HTTP
     * @param token the bearer token for each request; empty on this machine
     * @param record is told of every request
     * @throws IllegalArgumentException when a token would travel unencrypted
     */
    public ArmClient(
            URI endpoint, Supplier<Optional<String>> token, Sleeper waiting, Limits limits, Consumer<ArmCall> record) {
        if (!"https".equals(endpoint.getScheme()) && !isThisMachine(endpoint)) {
            throw new IllegalArgumentException(
                    "the resource manager has to be reached over https, or be on this machine; " + endpoint
                            + " is neither");
        }
        this.endpoint = endpoint;
        this.token = token;
        this.waiting = waiting;
        this.limits = limits;
        this.record = record;
    }

    /** Whether that endpoint is on this machine, where no token is wanted. */
    public static boolean isThisMachine(URI endpoint) {
        return "http".equals(endpoint.getScheme()) && THIS_MACHINE.contains(endpoint.getHost());
    }

    /** The address of a path with its query, such as {@code api-version=2021-04-01}. */
    public URI address(String path, String query) {
        try {
            return new URI(endpoint.getScheme(), null, endpoint.getHost(), endpoint.getPort(), path, query, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("%s cannot be asked for: %s".formatted(path, e.getMessage()), e);
        }
    }

    /**
     * Reads, however often it takes.
     *
     * @return a 2xx or a 404
     * @throws ArmException when Azure refuses, or gives no usable answer within the patience
     */
    public ArmResponse read(URI address) throws IOException, InterruptedException {
        Instant until = waiting.now().plus(limits.patience());
        Duration backoff = FIRST_BACKOFF;
        while (true) {
            ArmResponse response = send("GET", address, null);
            if (response.isSuccess() || response.status() == 404) {
                return response;
            }
            boolean again = response.isThrottled() || response.isUnclear();
            if (!again || !waiting.now().isBefore(until)) {
                throw new ArmException("reading %s: %s%s"
                        .formatted(
                                address.getPath(),
                                response.explanation(),
                                again ? ", still after " + limits.patience() : ""));
            }
            waiting.pause(response.retryAfter(waiting.now()).orElse(backoff));
            backoff =
                    backoff.multipliedBy(2).compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : backoff.multipliedBy(2);
        }
    }

    /** Every element of a list, page after page; nothing when Azure knows no such list. */
    public List<JsonNode> list(String path, String query) throws IOException, InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        URI page = address(path, query);
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            ArmResponse response = read(page);
            if (response.status() == 404) {
                throw new ArmException("reading %s: %s".formatted(path, response.explanation()));
            }
            if (!response.body().path("value").isArray()) {
                throw new ArmException(
                        "reading %s: the answer has no list, so the resources are unknown".formatted(path));
            }
            response.body().path("value").forEach(all::add);
            String next = response.body().path("nextLink").asString("");
            if (next.isEmpty()) {
                return all;
            }
            page = URI.create(next);
        }
        throw new ArmException("reading %s: more than %d pages".formatted(path, MOST_PAGES));
    }

    /** Asks once, and answers whatever came, silence included. */
    public ArmResponse send(String method, URI address, JsonNode body) throws IOException, InterruptedException {
        requireOurs(address);
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(limits.request())
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        token.get().ifPresent(value -> request.header("Authorization", "Bearer " + value));
        Instant begun = waiting.now();
        long from = System.nanoTime();
        ArmResponse response;
        try {
            response = response(HTTP.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            String failure = "no answer to %s %s: %s".formatted(method, address.getPath(), e);
            response = new ArmResponse(0, Map.of(), MissingNode.getInstance(), failure);
        }
        record.accept(new ArmCall(
                begun,
                method,
                address.getPath(),
                response.status(),
                Duration.ofNanos(System.nanoTime() - from).toMillis(),
                response.headers().getOrDefault("x-ms-correlation-request-id", ""),
                response.isSuccess() ? "" : response.status() == 0 ? response.failure() : response.code()));
        return response;
    }

    /** A link that Azure gives is followed to Azure only: it would get the token. */
    private void requireOurs(URI address) throws ArmException {
        if (!endpoint.getScheme().equals(address.getScheme())
                || !endpoint.getHost().equalsIgnoreCase(address.getHost())
                || endpoint.getPort() != address.getPort()) {
            throw new ArmException("%s is not at %s; it is not followed".formatted(address, endpoint));
        }
    }

    private static ArmResponse response(HttpResponse<String> answer) {
        Map<String, String> headers = new LinkedHashMap<>();
        answer.headers().map().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        JsonNode body = MissingNode.getInstance();
        if (!answer.body().isBlank()) {
            try {
                body = JSON.readTree(answer.body());
            } catch (JacksonException notJson) {
                if (answer.statusCode() / 100 == 2) {
                    return new ArmResponse(0, headers, body, "the answer is not JSON: " + notJson.getOriginalMessage());
                }
            }
        }
        return new ArmResponse(answer.statusCode(), headers, body, "");
    }
}
