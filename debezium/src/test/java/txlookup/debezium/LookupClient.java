package txlookup.debezium;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Asks the lookup API over HTTP. */
final class LookupClient {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int PAGE = 25;
    private static final String LAG = "data_lag_sec";

    private final HttpClient http = HttpClient.newHttpClient();
    private final String address;

    LookupClient(int port) {
        address = "http://127.0.0.1:" + port;
    }

    /** The answer to {@code GET /admin/tx/{tx_id}}, checked and relieved of its {@code data_lag_sec}. */
    JsonNode transaction(String txId) {
        return withoutLag((ObjectNode) get("/admin/tx/" + segment(txId)));
    }

    /** The answer to {@code GET /admin/payment-orders/{order_id}}, its entries relieved of their {@code data_lag_sec}. */
    JsonNode paymentOrder(String orderId) {
        JsonNode body = get("/admin/payment-orders/" + segment(orderId));
        body.path("ledger_entries").forEach(entry -> withoutLag((ObjectNode) entry));
        return body;
    }

    /** The entries of all pages of {@code GET /admin/wallets/{wallet_id}/tx}, relieved of their {@code data_lag_sec}. */
    List<JsonNode> wallet(String walletId) {
        List<JsonNode> entries = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonNode page = get("/admin/wallets/%s/tx?limit=%d%s".formatted(segment(walletId), PAGE, cursor));
            page.path("entries").forEach(entry -> entries.add(withoutLag((ObjectNode) entry)));
            JsonNode next = page.path("next_cursor");
            cursor = next.isNull() ? null : "&cursor=" + segment(next.asString());
        }
        return entries;
    }

    private static JsonNode withoutLag(ObjectNode node) {
        assertThat(node.path(LAG).isIntegralNumber()).as("%s of %s", LAG, node).isTrue();
        assertThat(node.path(LAG).asLong()).as("%s of %s", LAG, node).isNotNegative();
        node.remove(LAG);
        return node;
    }

    private static String segment(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private JsonNode get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                .timeout(Duration.ofSeconds(30))
                .build();
        HttpResponse<String> answer =
                http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
        assertThat(answer.statusCode()).as("GET %s: %s", path, answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }
}
