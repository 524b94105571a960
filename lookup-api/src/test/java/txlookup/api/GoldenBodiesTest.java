package txlookup.api;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;
import static txlookup.api.StoredEntry.receive;
import static txlookup.api.StoredOrder.order;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bodies of contract.md, byte for byte: keys, their order, nulls, times, amounts. */
class GoldenBodiesTest {
    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = RunningApi.start();
        api.store(order("ORD-1").merchant("Küche/Café \"Süd\""));
        api.store(
                payment("TX-PAY").wallet("W-1").amounts("10000.00", "-10000.00").toOrder("ORD-1"),
                receive("TX-RCV").wallet("W-2").toOrder("ORD-1").at("2026-02-05T01:00:00.250Z"),
                payment("TX-ALONE").wallet("W-1").at("2026-02-05T01:00:01.000001Z"));
        api.store(order("ORD-BARE").nameless().amount("0.10").status("on hold"));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void aTransactionOfACompletePaymentIsAnsweredByteForByte() {
        assertGolden("/admin/tx/TX-PAY", 200, "transaction-complete.json");
    }

    @Test
    void aTransactionThatHasNothingOptionalIsAnsweredWithNullsByteForByte() {
        assertGolden("/admin/tx/TX-ALONE", 200, "transaction-alone.json");
    }

    @Test
    void aPaymentOrderIsAnsweredByteForByte() {
        assertGolden("/admin/payment-orders/ORD-1", 200, "payment-order-complete.json");
    }

    @Test
    void aPaymentOrderWithoutEntriesIsAnsweredByteForByte() {
        assertGolden("/admin/payment-orders/ORD-BARE", 200, "payment-order-without-entries.json");
    }

    @Test
    void aWalletsListIsAnsweredByteForByte() {
        assertGolden("/admin/wallets/W-1/tx", 200, "wallet.json");
    }

    @Test
    void aWalletsPageWithANextOneIsAnsweredByteForByte() {
        assertGolden("/admin/wallets/W-1/tx?limit=1", 200, "wallet-first-page.json");
    }

    @Test
    void anEmptyWalletIsAnsweredByteForByte() {
        assertGolden("/admin/wallets/W-NONE/tx", 200, "wallet-empty.json");
    }

    @Test
    void anUnknownTransactionIsAProblemByteForByte() {
        assertGolden("/admin/tx/TX-NONE", 404, "transaction-not-found.json");
    }

    @Test
    void anUnknownPaymentOrderIsAProblemByteForByte() {
        assertGolden("/admin/payment-orders/ORD-NONE", 404, "payment-order-not-found.json");
    }

    private static void assertGolden(String path, int status, String golden) {
        HttpResponse<String> response = api.get(path);

        assertThat(response.body()).isEqualTo(golden(golden));
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue(status == 200 ? "application/json" : "application/problem+json");
    }

    private static String golden(String name) {
        try (InputStream file = GoldenBodiesTest.class.getResourceAsStream("/golden/" + name)) {
            // The files end with a line break, as files do; the bodies do not.
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
