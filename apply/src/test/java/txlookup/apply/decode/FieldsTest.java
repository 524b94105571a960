package txlookup.apply.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.apply.decode.ContractFile.entry;
import static txlookup.apply.decode.ContractFile.entryOf;
import static txlookup.apply.decode.ContractFile.entryWith;
import static txlookup.apply.decode.ContractFile.order;
import static txlookup.apply.decode.ContractFile.orderWith;
import static txlookup.apply.decode.ContractFile.refused;

import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.apply.model.DeadLetter.Reason;
import txlookup.apply.model.Entity;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.PaymentOrder;

/** docs/contract.md: Ledger entry, Payment order, and which aliases and fallbacks stand for which field. */
class FieldsTest {
    @Test
    void readsEveryFieldOfALedgerEntry() {
        LedgerEntry entry = entryOf("""
                {"tx_id":"tx-1","wallet_id":"w-1","entry_type":"RECEIVE","amount":"10000.00","amount_signed":"-10000.00",
                 "related_id":"po-1","related_type":"PAYMENT_ORDER","event_time":"2026-02-05T01:00:00Z",
                 "created_at":"2026-02-05T01:00:01Z","updated_at":"2026-02-05T01:00:02Z","version":3}""");
        assertThat(entry.txId()).isEqualTo("tx-1");
        assertThat(entry.walletId()).isEqualTo("w-1");
        assertThat(entry.entryType()).isEqualTo("RECEIVE");
        assertThat(entry.amount()).isEqualTo(new BigDecimal("10000.00"));
        assertThat(entry.amountSigned()).isEqualTo(new BigDecimal("-10000.00"));
        assertThat(entry.relatedId()).isEqualTo("po-1");
        assertThat(entry.relatedType()).isEqualTo("PAYMENT_ORDER");
        assertThat(entry.eventTime()).isEqualTo(Instant.parse("2026-02-05T01:00:00Z"));
        assertThat(entry.createdAt()).isEqualTo(Instant.parse("2026-02-05T01:00:01Z"));
        assertThat(entry.updatedAt()).isEqualTo(Instant.parse("2026-02-05T01:00:02Z"));
        assertThat(entry.version()).isEqualTo(3L);
        assertThat(entry.origin().position()).isEqualTo(7);
        assertThat(entry.origin().time()).isEqualTo(ContractFile.RECORD_TIME);
    }

    @Test
    void readsEveryFieldOfAPaymentOrder() {
        PaymentOrder order = order("""
                "order_id":"po-1","user_id":"u-1","merchant_name":"청춘 약국","amount":12.5,"status":" Paid ",
                "created_at":"2026-02-05T01:00:00Z","updated_at":"2026-02-05T01:00:02Z","source_version":"4\"""");
        assertThat(order.orderId()).isEqualTo("po-1");
        assertThat(order.userId()).isEqualTo("u-1");
        assertThat(order.merchantName()).isEqualTo("청춘 약국");
        assertThat(order.amount()).isEqualTo(new BigDecimal("12.5"));
        assertThat(order.status()).isEqualTo("Paid");
        assertThat(order.createdAt()).isEqualTo(Instant.parse("2026-02-05T01:00:00Z"));
        assertThat(order.updatedAt()).isEqualTo(Instant.parse("2026-02-05T01:00:02Z"));
        assertThat(order.version()).isEqualTo(4L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tx_id", "wallet_id", "entry_type", "amount", "event_time"})
    void refusesALedgerEntryWithoutARequiredField(String field) {
        String renamed = entryWith("").replace("\"" + field + "\"", "\"not_" + field + "\"");
        assertThat(refused(Entity.LEDGER_ENTRY, renamed, Reason.PARSE_ERROR).detail())
                .contains(field);
        refused(
                Entity.LEDGER_ENTRY,
                entryWith("").replaceFirst("\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":null"),
                Reason.PARSE_ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"order_id", "amount", "status", "created_at"})
    void refusesAPaymentOrderWithoutARequiredField(String field) {
        String renamed = orderWith("").replace("\"" + field + "\"", "\"not_" + field + "\"");
        assertThat(refused(Entity.PAYMENT_ORDER, renamed, Reason.PARSE_ERROR).detail())
                .contains(field);
    }

    @Test
    void leavesOptionalFieldsNullAndNeverDerivesThem() {
        LedgerEntry entry = entry("\"version\":null");
        assertThat(entry.amountSigned()).isNull();
        assertThat(entry.relatedId()).isNull();
        assertThat(entry.relatedType()).isNull();
        assertThat(entry.updatedAt()).isNull();
        assertThat(entry.version()).isNull();
        assertThat(order("").userId()).isNull();
        assertThat(order("").merchantName()).isNull();
    }

    @Test
    void takesEachAliasForItsField() {
        assertThat(entry("\"type\":\"RECEIVE\"").entryType()).isEqualTo("RECEIVE");
        assertThat(entry("\"source_version\":9").version()).isEqualTo(9L);
        assertThat(entry("\"source_created_at\":\"2026-02-05T02:00:00Z\"").eventTime())
                .isEqualTo(Instant.parse("2026-02-05T02:00:00Z"));
    }

    @Test
    void takesCreatedAtForEventTimeOnlyWhereBothOfItsNamesAreAbsent() {
        assertThat(entry("\"created_at\":\"2026-02-05T03:00:00Z\"").eventTime())
                .isEqualTo(Instant.parse("2026-02-05T03:00:00Z"));
        assertThat(entry("\"created_at\":\"2026-02-05T03:00:00Z\",\"source_created_at\":\"2026-02-05T02:00:00Z\"")
                        .eventTime())
                .isEqualTo(Instant.parse("2026-02-05T02:00:00Z"));
    }

    @Test
    void fillsCreatedAtFromSourceCreatedAtElseFromEventTime() {
        assertThat(entry("\"source_created_at\":\"2026-02-05T02:00:00Z\"").createdAt())
                .isEqualTo(Instant.parse("2026-02-05T02:00:00Z"));
        assertThat(entry("\"event_time\":\"2026-02-05T04:00:00Z\"").createdAt())
                .isEqualTo(Instant.parse("2026-02-05T04:00:00Z"));
    }

    @Test
    void letsCreatedAtDifferFromEventTimeAndSourceCreatedAt() {
        LedgerEntry entry = entry(
                "\"event_time\":\"2026-02-05T01:00:00Z\",\"source_created_at\":\"2026-02-05T01:00:00Z\",\"created_at\":\"2026-02-05T09:00:00Z\"");
        assertThat(entry.eventTime()).isEqualTo(Instant.parse("2026-02-05T01:00:00Z"));
        assertThat(entry.createdAt()).isEqualTo(Instant.parse("2026-02-05T09:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"entry_type\":\"PAYMENT\",\"type\":\"RECEIVE\"",
                "\"version\":1,\"source_version\":2",
                "\"event_time\":\"2026-02-05T01:00:00Z\",\"source_created_at\":\"2026-02-05T01:00:01Z\"",
                "\"tx_id\":\"a\",\"tx_id\":\"b\""
            })
    void refusesTwoAliasesWithDifferentValues(String members) {
        refused(Entity.LEDGER_ENTRY, entryWith(members), Reason.CONTRACT_CORE_VIOLATION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"entry_type\":\"PAYMENT\",\"type\":\" PAYMENT \"",
                "\"version\":1,\"source_version\":\"01\"",
                "\"event_time\":\"2026-02-05T01:00:00Z\",\"source_created_at\":\"2026-02-05T10:00:00+09:00\"",
                "\"entry_type\":\"PAYMENT\",\"type\":null",
                "\"tx_id\":\"a\",\"tx_id\":\"a\""
            })
    void acceptsTwoAliasesWithTheSameValueHoweverItIsWritten(String members) {
        entry(members);
    }

    @Test
    void ignoresUnknownFieldsWhateverTheyHold() {
        entry("\"schema_version\":{\"deep\":[1,{\"amount_signed\":\"other\"}]},\"occurred_at\":false,\"x\":[[]]");
    }
}
