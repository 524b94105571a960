package txlookup.apply.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.apply.decode.Contract.CANONICAL;
import static txlookup.apply.decode.Contract.entry;
import static txlookup.apply.decode.Contract.entryWith;
import static txlookup.apply.decode.Contract.orderWith;
import static txlookup.apply.decode.Contract.refused;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.apply.DeadLetter;
import txlookup.apply.DeadLetter.Reason;
import txlookup.apply.Entity;
import txlookup.apply.SourceRecord;

/** contract.md: what is refused, with its reason and its bytes. */
class RefusalTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nonsense",
                "{",
                "{\"tx_id\":",
                "[]",
                "\"text\"",
                "null",
                "42",
                "{}x",
                "{}{}",
                "{\"a\":NaN}",
                "{'a':1}",
                "{\"a\":01}",
                "{\"a\":1,}"
            })
    void refusesWhatIsNotOneJsonObject(String json) {
        refused(Entity.LEDGER_ENTRY, json, Reason.PARSE_ERROR);
    }

    @Test
    void refusesTrailingRubbishAfterAGoodEvent() {
        refused(Entity.LEDGER_ENTRY, entryWith("") + "}", Reason.PARSE_ERROR);
        refused(Entity.LEDGER_ENTRY, entryWith("") + entryWith(""), Reason.PARSE_ERROR);
    }

    @Test
    void refusesBytesThatAreNotUtf8AndKeepsThemExactly() {
        byte[] bytes = entryWith("\"entry_type\":\"X\"").getBytes(StandardCharsets.ISO_8859_1);
        bytes[bytes.length / 2] = (byte) 0xff;
        DeadLetter deadLetter = (DeadLetter) Contract.decode(CANONICAL, Entity.LEDGER_ENTRY, bytes);
        assertThat(deadLetter.reason()).isEqualTo(Reason.PARSE_ERROR);
        assertThat(deadLetter.record().value()).isEqualTo(bytes);
        assertThat(deadLetter.record().key()).isEqualTo("key".getBytes(StandardCharsets.UTF_8));
        assertThat(deadLetter.record().position()).isEqualTo(7);
    }

    @Test
    void refusesARecordWithoutAValueAsATombstone() {
        Decoder decoder = new Decoder(CANONICAL, Duration.ofHours(1), Clock.systemUTC());
        SourceRecord record = new SourceRecord(1, Contract.RECORD_TIME, null, null, null);
        DeadLetter deadLetter = (DeadLetter) decoder.decode(Entity.LEDGER_ENTRY, record);
        assertThat(deadLetter.reason()).isEqualTo(Reason.TOMBSTONE);
    }

    @Test
    void refusesATopicThatTheProfileDoesNotKnow() {
        Decoder decoder = new Decoder(CANONICAL, Duration.ofHours(1), Clock.systemUTC());
        DeadLetter deadLetter =
                (DeadLetter) decoder.decode(null, new SourceRecord(1, Contract.RECORD_TIME, new byte[] {'{', '}'}));
        assertThat(deadLetter.reason()).isEqualTo(Reason.UNSUPPORTED_TOPIC);
    }

    @Test
    void refusesAnUpdateFromTheFutureOfBothEntitiesBeyondTheSkew() {
        entry("\"updated_at\":\"2026-02-05T13:00:00Z\"");
        refused(
                Entity.LEDGER_ENTRY,
                entryWith("\"updated_at\":\"2026-02-05T13:00:00.000001Z\""),
                Reason.FUTURE_TIMESTAMP);
        refused(Entity.PAYMENT_ORDER, orderWith("\"updated_at\":\"2026-02-06T00:00:00Z\""), Reason.FUTURE_TIMESTAMP);
    }

    @Test
    void takesOtherTimesFromTheFuture() {
        entry("\"event_time\":\"2030-01-01T00:00:00Z\",\"created_at\":\"2030-01-01T00:00:00Z\"");
    }

    @Test
    void saysInOneLineWhatWasWrong() {
        String detail = refused(
                        Entity.LEDGER_ENTRY,
                        entryWith("\"amount\":\"12\\n3" + "9".repeat(500) + "\""),
                        Reason.PARSE_ERROR)
                .detail();
        assertThat(detail).startsWith("amount: wanted a decimal number, saw").doesNotContain("\n");
        assertThat(detail.length()).isLessThan(150);
    }
}
