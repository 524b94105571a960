package txlookup.api.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;
import static txlookup.api.StoredEntry.receive;
import static txlookup.api.StoredOrder.order;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import txlookup.api.Audited;
import txlookup.api.Changed;
import txlookup.api.RawHttp;
import txlookup.api.RunningApi;

/** docs/contract.md, Audit: who, when, what, and with what result. */
class AuditIT {
    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = RunningApi.start();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void aTransactionThatIsFoundLeavesOneRowThatSaysAllOfIt() {
        api.store(payment("TX 1/2"));

        api.get(
                "/admin/tx/TX%201%2F2?why=ticket-7",
                "X-Actor-Id",
                "kim",
                "X-Actor-Roles",
                "ADMIN_READ, AUDITOR",
                "User-Agent",
                "console/1.0",
                "X-Correlation-ID",
                "corr-1");

        Audited row = Audited.of(api, "TX 1/2");
        assertThat(row.durationMs()).isNotNegative();
        assertThat(row)
                .usingRecursiveComparison()
                .ignoringFields("durationMs")
                .isEqualTo(new Audited(
                        RunningApi.NOW,
                        "kim",
                        List.of("ADMIN_READ", "AUDITOR"),
                        "127.0.0.1",
                        "console/1.0",
                        "LOOKUP_TX",
                        "TX",
                        "TX 1/2",
                        "GET",
                        "/admin/tx/TX%201%2F2",
                        "why=ticket-7",
                        "FOUND",
                        200,
                        0,
                        1,
                        "corr-1",
                        RunningApi.GENERATION));
    }

    @Test
    void aTransactionThatIsNotFoundLeavesOneRow() {
        api.get("/admin/tx/TX-NONE");

        assertResult(Audited.of(api, "TX-NONE"), "LOOKUP_TX", "TX", "NOT_FOUND", 404, 0);
    }

    @Test
    void aPaymentOrderLeavesOneRowWhetherFoundOrNot() {
        api.store(order("ORD-1"));
        api.store(payment("TX-1").toOrder("ORD-1"), receive("TX-2").toOrder("ORD-1"));

        api.get("/admin/payment-orders/ORD-1");
        api.get("/admin/payment-orders/ORD-NONE");

        assertResult(Audited.of(api, "ORD-1"), "LOOKUP_PAYMENT_ORDER", "PAYMENT_ORDER", "FOUND", 200, 1);
        assertResult(Audited.of(api, "ORD-NONE"), "LOOKUP_PAYMENT_ORDER", "PAYMENT_ORDER", "NOT_FOUND", 404, 0);
    }

    @Test
    void aWalletsListLeavesOneRowWithTheNumberOfEntriesShown() {
        api.store(
                payment("TX-W1").wallet("W-3"),
                payment("TX-W2").wallet("W-3"),
                payment("TX-W3").wallet("W-3"));

        api.get("/admin/wallets/W-3/tx?limit=2");
        api.get("/admin/wallets/W-EMPTY/tx");

        assertResult(Audited.of(api, "W-3"), "LOOKUP_WALLET_TX", "WALLET", "FOUND", 200, 2);
        assertResult(Audited.of(api, "W-EMPTY"), "LOOKUP_WALLET_TX", "WALLET", "EMPTY", 200, 0);
    }

    @Test
    void withoutActorHeadersTheActorIsAnonymousAndHasNoRoles() {
        api.get("/admin/tx/TX-ANON");

        Audited row = Audited.of(api, "TX-ANON");
        assertThat(row.actor()).isEqualTo("anonymous");
        assertThat(row.roles()).isEmpty();
        assertThat(row.query()).isNull();
    }

    @Test
    void secretsInTheQueryAreMaskedAndTheRestIsKept() {
        api.get("/admin/wallets/W-SECRET/tx?limit=5&access_token=abc&Api-Key=def&from=");

        assertThat(Audited.of(api, "W-SECRET").query()).isEqualTo("limit=5&access_token=***&Api-Key=***&from=");
    }

    @ParameterizedTest
    @CsvSource({"POST, TX-POST, 405", "GET, TX-GET, 404", "HEAD, TX-HEAD, 404"})
    void onlyALookupLeavesARow(String method, String txId, int status) {
        assertThat(api.send(method, "/admin/tx/" + txId).statusCode()).isEqualTo(status);

        assertThat(Audited.allOf(api, txId)).hasSize(status == 405 ? 0 : 1);
    }

    @Test
    void whatTextCannotHoldIsReplacedInTheRow() {
        RawHttp answer = RawHttp.exchange(
                api.port(),
                "GET /admin/tx/TX-ODD HTTP/1.1\r\nHost: x\r\nX-Actor-Id: \u00ff\u00fe'--\r\nUser-Agent: \u0080\r\n\r\n");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(Audited.of(api, "TX-ODD").actor()).isEqualTo("\u00ff\u00fe'--");
    }

    @Test
    void aForwardedAddressIsNotBelievedWithoutATrustedProxy() {
        api.get("/admin/tx/TX-FORWARDED", "X-Forwarded-For", "203.0.113.9");

        assertThat(Audited.of(api, "TX-FORWARDED").ip()).isEqualTo("127.0.0.1");
    }

    @Test
    void aForwardedAddressIsBelievedFromATrustedProxy() {
        try (RunningApi behindProxy = RunningApi.start(
                api.database(), settings -> Changed.trustedProxies(settings, "127.0.0.0/8", "10.0.0.5"))) {
            behindProxy.get("/admin/tx/TX-PROXIED", "X-Forwarded-For", "198.51.100.1, 203.0.113.9, 10.0.0.5");
        }

        assertThat(Audited.of(api, "TX-PROXIED").ip()).isEqualTo("203.0.113.9");
    }

    private static void assertResult(
            Audited row, String action, String resourceType, String result, int status, int count) {
        assertThat(row.action()).isEqualTo(action);
        assertThat(row.resourceType()).isEqualTo(resourceType);
        assertThat(row.result()).isEqualTo(result);
        assertThat(row.statusCode()).isEqualTo(status);
        assertThat(row.resultCount()).isEqualTo(count);
    }
}
