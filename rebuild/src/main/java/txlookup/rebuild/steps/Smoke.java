package txlookup.rebuild.steps;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.rebuild.platform.GateResult;

/** Asks the API for an entry that is there and for one that is not (docs/policy.md, Gates 3). */
public final class Smoke {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String MISSING = "txlookup-smoke-no-such-tx";

    private final URI api;
    private final Supplier<Optional<String>> token;
    private final OptionalLong generation;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /** Asks what serves, without a token. */
    public Smoke(URI api) {
        this(api, Optional::empty, OptionalLong.empty());
    }

    /**
     * Asks an API.
     *
     * @param api the API's base address
     * @param token a bearer token, asked for at each lookup; empty where the API takes none
     * @param generation the generation that is asked, whether or not it serves; empty for what serves
     */
    public Smoke(URI api, Supplier<Optional<String>> token, OptionalLong generation) {
        this.api = api;
        this.token = token;
        this.generation = generation;
    }

    /**
     * Looks up a hit and a miss.
     *
     * @param known an entry that is there; without one only the miss is looked up
     */
    public List<GateResult> check(Optional<String> known) throws IOException, InterruptedException {
        List<GateResult> results = new ArrayList<>();
        if (known.isPresent()) {
            HttpResponse<String> hit = get(known.get());
            boolean same = hit.statusCode() == 200
                    && known.get()
                            .equals(JSON.readTree(hit.body()).path("tx_id").asString());
            results.add(new GateResult("smoke hit", same, "hit " + hit.statusCode(), "200 with the entry asked for"));
        }
        HttpResponse<String> miss = get(MISSING);
        JsonNode problem = miss.statusCode() == 404 ? JSON.readTree(miss.body()) : JSON.missingNode();
        boolean honest = "tx_id not found".equals(problem.path("detail").asString());
        results.add(new GateResult("smoke miss", honest, "miss " + miss.statusCode(), "404 tx_id not found"));
        return results;
    }

    private HttpResponse<String> get(String txId) throws IOException, InterruptedException {
        String path =
                "/admin/tx/" + URLEncoder.encode(txId, StandardCharsets.UTF_8).replace("+", "%20");
        HttpRequest.Builder request = HttpRequest.newBuilder(api.resolve(path))
                .timeout(Duration.ofSeconds(10))
                .header("X-Actor-Id", "smoke");
        generation.ifPresent(number -> AskedGeneration.in(request, number));
        token.get().ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
