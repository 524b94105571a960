package txlookup.api.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;
import static txlookup.api.StoredOrder.order;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import txlookup.api.RunningApi;

/** Values come out as they are stored: amounts, times, ids; and what is computed from them. */
class AnsweredValuesIT {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static RunningApi api;

    private final String txId = "TX-" + NUMBERS.incrementAndGet();

    @BeforeAll
    static void start() {
        api = RunningApi.start();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10000.00",
                "0",
                "0.00",
                "-0.01",
                "-12345.6700",
                "0.0000000001",
                "100000000000000000000",
                "12345678901234567890123456789012345678.123456789012345678901234567890",
                "-99999999999999999999999999999999999999999999999999999999999999"
            })
    void amountsKeepTheirDigitsAndTheirScaleOnEveryEndpoint(String amount) {
        String orderId = "ORD-" + txId;
        api.store(order(orderId).amount(amount));
        api.store(payment(txId).wallet("W-" + txId).amounts(amount, amount).toOrder(orderId));

        JsonNode paymentOrder = api.json("/admin/payment-orders/" + orderId);
        assertThat(paymentOrder.at("/order/amount").asString()).isEqualTo(amount);
        assertAmounts(paymentOrder.at("/ledger_entries/0"), amount);
        assertAmounts(api.json("/admin/tx/" + txId), amount);
        assertAmounts(api.json("/admin/wallets/W-" + txId + "/tx").at("/entries/0"), amount);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-02-05T01:00:00Z, 2026-02-05T01:00:00Z",
        "2026-02-05T01:00:00.5Z, 2026-02-05T01:00:00.500Z",
        "2026-02-05T01:00:00.123456Z, 2026-02-05T01:00:00.123456Z",
        "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
        "1582-10-10T12:00:00Z, 1582-10-10T12:00:00Z",
        "9999-12-31T23:59:59.999999Z, 9999-12-31T23:59:59.999999Z"
    })
    void timesAreUtcAndHaveAFractionOnlyWhereThereIsOne(String stored, String shown) {
        api.store(payment(txId).wallet("W-" + txId).at(stored));

        assertThat(api.json("/admin/tx/" + txId).path("event_time").asString()).isEqualTo(shown);
        assertThat(api.json("/admin/wallets/W-" + txId + "/tx")
                        .at("/entries/0/event_time")
                        .asString())
                .isEqualTo(shown);
    }

    @ParameterizedTest(name = "event {0}, ingested {1}: {2} s")
    @CsvSource({
        // The clock stands at 01:00:10.
        "2026-02-05T01:00:00Z, 2026-02-05T01:00:02Z, 8",
        "2026-02-05T01:00:04Z, 2026-02-05T01:00:02Z, 6",
        "2026-02-05T01:00:00Z, 2026-02-05T01:00:08.000001Z, 1",
        "2026-02-05T01:00:00Z, 2026-02-05T01:00:10Z, 0",
        "2026-02-05T01:00:30Z, 2026-02-05T01:00:02Z, 0",
        "2025-02-05T01:00:10Z, 2025-02-05T01:00:10Z, 31536000"
    })
    void theLagIsWholeSecondsSinceTheLaterOfEventAndIngestionAndNeverNegative(
            String eventTime, String ingestedAt, long lag) {
        api.store(payment(txId).wallet("W-" + txId).at(eventTime).ingestedAt(ingestedAt));

        assertThat(api.json("/admin/tx/" + txId).path("data_lag_sec").asLong()).isEqualTo(lag);
        assertThat(api.json("/admin/wallets/W-" + txId + "/tx")
                        .at("/entries/0/data_lag_sec")
                        .asLong())
                .isEqualTo(lag);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b",
                "/",
                "..",
                "./x",
                "a.b.json",
                "with space",
                "plus+sign",
                "100%",
                "%2F",
                "back\\slash",
                "semi;colon=1",
                "question?mark&and#hash",
                "\"quoted\"",
                "<tag>",
                "한국어-지갑",
                "😀",
                "tab\tand\nline"
            })
    void idsMayHoldAnyCharacter(String id) {
        String walletId = id + txId;
        String orderId = "O" + txId + id;
        api.store(order(orderId));
        api.store(payment(id).wallet(walletId).toOrder(orderId));

        assertThat(api.json("/admin/tx/" + RunningApi.segment(id)).path("tx_id").asString())
                .isEqualTo(id);
        assertThat(api.json("/admin/payment-orders/" + RunningApi.segment(orderId))
                        .at("/order/order_id")
                        .asString())
                .isEqualTo(orderId);
        JsonNode wallet = api.json("/admin/wallets/" + RunningApi.segment(walletId) + "/tx");
        assertThat(wallet.path("wallet_id").asString()).isEqualTo(walletId);
        assertThat(wallet.path("count").asInt()).isEqualTo(1);
    }

    private static void assertAmounts(JsonNode entry, String amount) {
        assertThat(entry.path("amount").isString()).isTrue();
        assertThat(entry.path("amount").asString()).isEqualTo(amount);
        assertThat(entry.path("amount_signed").asString()).isEqualTo(amount);
    }
}
