package txlookup.api.pairing;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;
import static txlookup.api.StoredEntry.receive;
import static txlookup.api.StoredOrder.order;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import txlookup.api.RunningApi;
import txlookup.api.StoredEntry;

/** docs/contract.md, Pairing: the same for an entry on every endpoint that shows it. */
class PairingIT {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static RunningApi api;

    /** Each test has ids of its own in the one database. */
    private final String id = "-" + NUMBERS.incrementAndGet();

    private final String orderId = "ORD" + id;
    private final String payId = "PAY" + id;
    private final String receiveId = "RCV" + id;
    private final StoredEntry pay = payment(payId).wallet("PAYER" + id).toOrder(orderId);
    private final StoredEntry receive = receive(receiveId).wallet("PAYEE" + id).toOrder(orderId);

    @BeforeAll
    static void start() {
        api = RunningApi.start();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void bothSidesMakeAPairThatIsCompleteSeenFromEitherSide() {
        api.store(pay, receive);

        assertPairing(pay, "COMPLETE", receiveId, "PAYER" + id, "PAYEE" + id);
        assertPairing(receive, "COMPLETE", payId, "PAYER" + id, "PAYEE" + id);
    }

    @Test
    void aPairIsCompleteWithoutItsPaymentOrder() {
        api.store(pay, receive);

        assertThat(transaction(payId).path("status").isNull()).isTrue();
        assertThat(transaction(payId).path("status_group").asString()).isEqualTo("UNKNOWN");
        assertRelated(payId, orderId, "PAYMENT_ORDER");
        assertPairing(pay, "COMPLETE", receiveId, "PAYER" + id, "PAYEE" + id);
    }

    @Test
    void onePaymentAloneIsIncompleteAndKnowsItsSender() {
        api.store(pay);

        assertPairing(pay, "INCOMPLETE", null, "PAYER" + id, null);
    }

    @Test
    void oneReceiptAloneIsIncompleteAndKnowsItsReceiver() {
        api.store(receive);

        assertPairing(receive, "INCOMPLETE", null, null, "PAYEE" + id);
    }

    @Test
    void twoPaymentsWithoutAReceiptAreBothIncomplete() {
        StoredEntry other = payment("PAY-B" + id).toOrder(orderId);
        api.store(pay, other);

        assertPairing(pay, "INCOMPLETE", null, "PAYER" + id, null);
        assertPairing(other, "INCOMPLETE", null, other.walletId(), null);
    }

    @Test
    void anEntryWithoutRelatedIdIsUnknownAndStillKnowsItsOwnSide() {
        StoredEntry alone = pay.related(null, "PAYMENT_ORDER");
        api.store(alone);

        assertPairing(alone, "UNKNOWN", null, "PAYER" + id, null);
        assertThat(transaction(payId).path("related").isNull()).isTrue();
    }

    @Test
    void entriesOfAnotherRelatedTypeAreUnknownEvenWhenTheyWouldFit() {
        StoredEntry invoicePay = pay.related(orderId, "INVOICE");
        StoredEntry invoiceReceive = receive.related(orderId, "INVOICE");
        api.store(invoicePay, invoiceReceive);

        assertPairing(invoicePay, "UNKNOWN", null, "PAYER" + id, null);
        assertPairing(invoiceReceive, "UNKNOWN", null, null, "PAYEE" + id);
        assertRelated(payId, orderId, "INVOICE");
    }

    @Test
    void anEntryOfAnotherRelatedTypeIsNoSideOfThosThatPair() {
        api.store(pay, receive.related(orderId, "INVOICE"));

        assertPairing(pay, "INCOMPLETE", null, "PAYER" + id, null);
    }

    @Test
    void anEntryOfAnotherRelatedTypeHasNoStatusOfAnOrderThatHappensToHaveItsId() {
        api.store(order(orderId));
        api.store(pay.related(orderId, "INVOICE"));

        assertThat(transaction(payId).path("status").isNull()).isTrue();
        assertThat(transaction(payId).path("merchant_name").isNull()).isTrue();
    }

    @Test
    void relatedTypesAreComparedExactly() {
        StoredEntry lowerCase = pay.related(orderId, "payment_order");
        api.store(lowerCase);

        assertPairing(lowerCase, "UNKNOWN", null, "PAYER" + id, null);
    }

    @Test
    void withoutRelatedTypeAnEntryIsUnknownUntilItsOrderArrives() {
        StoredEntry untyped = pay.related(orderId, null);
        api.store(untyped, receive.related(orderId, null));

        assertPairing(untyped, "UNKNOWN", null, "PAYER" + id, null);
        assertRelated(payId, orderId, "UNKNOWN");

        api.store(order(orderId));

        assertPairing(untyped, "COMPLETE", receiveId, "PAYER" + id, "PAYEE" + id);
        assertRelated(payId, orderId, "PAYMENT_ORDER");
        assertThat(transaction(payId).path("status").asString()).isEqualTo("SETTLED");
        assertThat(transaction(payId).path("merchant_name").asString()).isEqualTo("Blue Bottle");
    }

    @Test
    void anUntypedEntryIsNoSideOfATypedOneUntilItsOrderArrives() {
        api.store(pay, receive.related(orderId, null));

        assertPairing(pay, "INCOMPLETE", null, "PAYER" + id, null);

        api.store(order(orderId));

        assertPairing(pay, "COMPLETE", receiveId, "PAYER" + id, "PAYEE" + id);
    }

    @Test
    void amongSeveralCandidatesTheLatestEventTimeIsTheOtherSide() {
        api.store(
                pay,
                receive("RCV-A" + id).wallet("OLD" + id).toOrder(orderId).at("2026-02-05T00:00:00Z"),
                receive("RCV-B" + id).wallet("NEW" + id).toOrder(orderId).at("2026-02-05T00:00:02Z"),
                receive("RCV-C" + id).wallet("MID" + id).toOrder(orderId).at("2026-02-05T00:00:01Z"));

        assertPairing(pay, "COMPLETE", "RCV-B" + id, "PAYER" + id, "NEW" + id);
    }

    @Test
    void amongCandidatesOfOneEventTimeTheLowestTxIdByBytesIsTheOtherSide() {
        // A linguistic order would put b before C.
        api.store(
                pay,
                receive("RCV-b" + id).wallet("SMALL" + id).toOrder(orderId),
                receive("RCV-C" + id).wallet("CAPITAL" + id).toOrder(orderId));

        assertPairing(pay, "COMPLETE", "RCV-C" + id, "PAYER" + id, "CAPITAL" + id);
    }

    @Test
    void anEntrysOwnSideIsItselfEvenWhereTheOtherSideWouldChooseAnother() {
        StoredEntry older =
                payment("PAY-OLD" + id).wallet("OLD" + id).toOrder(orderId).at("2026-02-04T00:00:00Z");
        api.store(older, pay, receive);

        assertPairing(older, "COMPLETE", receiveId, "OLD" + id, "PAYEE" + id);
        assertPairing(receive, "COMPLETE", payId, "PAYER" + id, "PAYEE" + id);
    }

    @Test
    void anEntryThatIsNeitherSideHasNoPairedIdButKnowsBothWallets() {
        StoredEntry fee = payment("FEE" + id).type("FEE").wallet("HOUSE" + id).toOrder(orderId);
        api.store(pay, receive, fee);

        assertPairing(fee, "COMPLETE", null, "PAYER" + id, "PAYEE" + id);
    }

    @Test
    void anEntryThatIsNeitherSideIsIncompleteWhereASideIsMissing() {
        StoredEntry fee = payment("FEE" + id).type("FEE").toOrder(orderId);
        api.store(pay, fee);

        assertPairing(fee, "INCOMPLETE", null, "PAYER" + id, null);
    }

    @Test
    void entryTypesAreComparedExactly() {
        StoredEntry lowerCase = pay.type("payment");
        api.store(lowerCase, receive);

        assertPairing(lowerCase, "INCOMPLETE", null, null, "PAYEE" + id);
        assertPairing(receive, "INCOMPLETE", null, null, "PAYEE" + id);
    }

    @Test
    void bothSidesMayBeOfOneWallet() {
        StoredEntry toItself = receive(receiveId).wallet("PAYER" + id).toOrder(orderId);
        api.store(pay, toItself);

        assertPairing(pay, "COMPLETE", receiveId, "PAYER" + id, "PAYER" + id);
        assertPairing(toItself, "COMPLETE", payId, "PAYER" + id, "PAYER" + id);
    }

    @Test
    void aPaymentOrderWithOneSideIsIncomplete() {
        api.store(order(orderId));
        api.store(pay);

        assertThat(paymentOrder().path("pairing_status").asString()).isEqualTo("INCOMPLETE");
    }

    @Test
    void aPaymentOrderWhoseEntriesDoNotPairIsIncompleteAndListsThem() {
        api.store(order(orderId));
        api.store(pay.related(orderId, "INVOICE"), receive.related(orderId, "INVOICE"));

        assertThat(paymentOrder().path("pairing_status").asString()).isEqualTo("INCOMPLETE");
        assertThat(paymentOrder().path("ledger_entries")).hasSize(2).allSatisfy(item -> assertThat(
                        item.path("pairing_status").asString())
                .isEqualTo("UNKNOWN"));
    }

    @Test
    void aPaymentOrdersEntriesAreListedByEventTimeDescendingThenByTxIdByBytes() {
        api.store(order(orderId));
        api.store(
                payment("b" + id).toOrder(orderId),
                payment("C" + id).toOrder(orderId),
                payment("a" + id).toOrder(orderId).at("2026-02-05T00:00:00Z"),
                payment("z" + id).toOrder(orderId).at("2026-02-05T02:00:00Z"));

        assertThat(paymentOrder().path("ledger_entries"))
                .extracting(item -> item.path("tx_id").asString())
                .containsExactly("z" + id, "C" + id, "b" + id, "a" + id);
    }

    private void assertPairing(
            StoredEntry entry,
            String status,
            @Nullable String pairedTxId,
            @Nullable String sender,
            @Nullable String receiver) {
        JsonNode transaction = transaction(entry.txId());
        assertThat(textOrNull(transaction, "sender_wallet_id")).isEqualTo(sender);
        assertThat(textOrNull(transaction, "receiver_wallet_id")).isEqualTo(receiver);
        assertItem(transaction, status, pairedTxId);
        assertItem(itemOf(walletEntries(entry.walletId()), entry.txId()), status, pairedTxId);
        JsonNode order = paymentOrder();
        if (entry.relatedId() != null && order.has("order")) {
            assertItem(itemOf(order.path("ledger_entries"), entry.txId()), status, pairedTxId);
        }
    }

    private static void assertItem(JsonNode item, String status, @Nullable String pairedTxId) {
        assertThat(item.path("pairing_status").asString()).isEqualTo(status);
        assertThat(textOrNull(item, "paired_tx_id")).isEqualTo(pairedTxId);
    }

    private static void assertRelated(String txId, String relatedId, String relatedType) {
        JsonNode related = transaction(txId).path("related");
        assertThat(related.path("related_id").asString()).isEqualTo(relatedId);
        assertThat(related.path("related_type").asString()).isEqualTo(relatedType);
    }

    private static JsonNode transaction(String txId) {
        return api.json("/admin/tx/" + txId);
    }

    private JsonNode paymentOrder() {
        return api.json("/admin/payment-orders/" + orderId);
    }

    private static JsonNode walletEntries(String walletId) {
        return api.json("/admin/wallets/" + walletId + "/tx?limit=100").path("entries");
    }

    private static JsonNode itemOf(JsonNode items, String txId) {
        for (JsonNode item : items) {
            if (item.path("tx_id").asString().equals(txId)) {
                return item;
            }
        }
        throw new AssertionError(txId + " is not among " + items);
    }

    private static @Nullable String textOrNull(JsonNode node, String name) {
        return node.path(name).isNull() ? null : node.path(name).asString();
    }
}
