package txlookup.apply.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.apply.decode.ContractFile.CANONICAL;
import static txlookup.apply.decode.ContractFile.entry;
import static txlookup.apply.decode.ContractFile.entryWith;
import static txlookup.apply.decode.ContractFile.orderWith;
import static txlookup.apply.decode.ContractFile.refused;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.DeadLetter.Reason;
import txlookup.apply.model.Entity;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.SourceRecord;

/** docs/contract.md: what is refused, with its reason and its bytes. */
class DecoderRefusalTest {
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
        DeadLetter deadLetter = (DeadLetter) ContractFile.decode(CANONICAL, Entity.LEDGER_ENTRY, bytes);
        assertThat(deadLetter.reason()).isEqualTo(Reason.PARSE_ERROR);
        assertThat(deadLetter.record().value()).isEqualTo(bytes);
        assertThat(deadLetter.record().key()).isEqualTo("key".getBytes(StandardCharsets.UTF_8));
        assertThat(deadLetter.record().position()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00c0\u0080",
                "\u00c1\u00a1",
                "\u00e0\u0080\u0080",
                "\u00ed\u00a0\u0080",
                "\u00f0\u0080\u0080\u0080",
                "\u00f4\u0090\u0080\u0080",
                "\u00c3",
                "\u0080"
            })
    void refusesWhatOnlyLooksLikeUtf8InAFieldAndInWhatIsIgnored(String bytes) {
        for (String member :
                new String[] {"\"entry_type\":\"X%s\"", "\"x\":\"%s\"", "\"%s\":1", "\"x\":[{\"y\":\"%s\"}]"}) {
            byte[] event = entryWith(member.formatted(bytes)).getBytes(StandardCharsets.ISO_8859_1);
            DeadLetter deadLetter = (DeadLetter) ContractFile.decode(CANONICAL, Entity.LEDGER_ENTRY, event);
            assertThat(deadLetter.reason()).isEqualTo(Reason.PARSE_ERROR);
            assertThat(deadLetter.detail()).startsWith("not JSON in UTF-8: byte ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE"})
    void refusesJsonInAnotherEncoding(String charset) {
        byte[] event = entryWith("").getBytes(Charset.forName(charset));
        DeadLetter deadLetter = (DeadLetter) ContractFile.decode(CANONICAL, Entity.LEDGER_ENTRY, event);
        assertThat(deadLetter.reason()).isEqualTo(Reason.PARSE_ERROR);
    }

    @Test
    void takesEveryCharacterThatUtf8CanWrite() {
        String text = "\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff\u007f";
        assertThat(entry("\"entry_type\":\"" + text + "\"").entryType()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"x\":}", "}{", ",\"x\":\"\0\"}", "}x"})
    void refusesWhatIsNotJsonForThatWhateverElseIsWrongWithIt(String end) {
        refused(Entity.LEDGER_ENTRY, "{\"tx_id\":\"a\",\"tx_id\":\"b\"" + end, Reason.PARSE_ERROR);
    }

    @Test
    void refusesARecordWithoutAValueAsATombstone() {
        Decoder decoder = new Decoder(CANONICAL, Duration.ofHours(1), Clock.systemUTC());
        SourceRecord record = new SourceRecord(1, ContractFile.RECORD_TIME, null, null, null);
        DeadLetter deadLetter = (DeadLetter) decoder.decode(Entity.LEDGER_ENTRY, record);
        assertThat(deadLetter.reason()).isEqualTo(Reason.TOMBSTONE);
    }

    @Test
    void refusesATopicThatTheProfileDoesNotKnow() {
        Decoder decoder = new Decoder(CANONICAL, Duration.ofHours(1), Clock.systemUTC());
        DeadLetter deadLetter =
                (DeadLetter) decoder.decode(null, new SourceRecord(1, ContractFile.RECORD_TIME, new byte[] {'{', '}'}));
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"tx_id\": a\u0000b}",
                "tru\u0000x",
                "{\"tx_id\":\"\ud800\",\"wallet_id\":\u001b}",
                "\u0000",
                "{\"amount\":\"\u2028\"}"
            })
    void tellsOfAnyBytesInALineThatEveryStoreAndLogCanHold(String json) {
        DeadLetter letter = (DeadLetter) ContractFile.decode(Entity.LEDGER_ENTRY, json);
        assertThat(letter.detail().codePoints())
                .as(letter.detail())
                .allMatch(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE);
        assertThat(letter.detail()).doesNotContain("\u2028");
    }

    @Test
    void cutsADetailAtFiveHundredCharacters() {
        SourceRecord record = new SourceRecord(1, ContractFile.RECORD_TIME, new byte[0]);
        assertThat(new DeadLetter(record, Reason.PARSE_ERROR, "x".repeat(499) + "\ud83d\ude00").detail())
                .isEqualTo("x".repeat(499) + "…");
        assertThat(new DeadLetter(record, Reason.PARSE_ERROR, "x".repeat(500)).detail())
                .isEqualTo("x".repeat(500));
    }

    @Test
    void refusesARecordWhoseOwnTimestampNoStoreHolds() {
        byte[] good = entryWith("").getBytes(StandardCharsets.UTF_8);
        Decoder decoder = new Decoder(CANONICAL, Duration.ofHours(1), Clock.systemUTC());
        for (long millis : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, 1_770_253_200_000_000L, 253_402_300_800_000L}) {
            SourceRecord record = new SourceRecord(1, Instant.ofEpochMilli(millis), good);
            assertThat(decoder.decode(Entity.LEDGER_ENTRY, record))
                    .isInstanceOfSatisfying(DeadLetter.class, letter -> assertThat(letter.reason())
                            .isEqualTo(Reason.VALUE_OUT_OF_RANGE));
        }
        SourceRecord last = new SourceRecord(1, Instant.ofEpochMilli(253_402_300_799_999L), good);
        assertThat(decoder.decode(Entity.LEDGER_ENTRY, last)).isInstanceOf(LedgerEntry.class);
    }

    @Test
    void ignoresAnUnknownFieldWhateverItsNameAndItsNumber() {
        entry("\"" + "n".repeat(60_000) + "\":" + "7".repeat(250_000));
        refused(Entity.LEDGER_ENTRY, entryWith("\"deep\":" + "[".repeat(600) + "]".repeat(600)), Reason.PARSE_ERROR);
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
