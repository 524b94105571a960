package txlookup.apply.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.apply.decode.ContractFile.entry;
import static txlookup.apply.decode.ContractFile.entryWith;
import static txlookup.apply.decode.ContractFile.refused;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.apply.model.DeadLetter.Reason;
import txlookup.apply.model.Entity;

/** docs/contract.md: the table of what a text, decimal, time and integer may be. */
class ValuesTest {
    @Test
    void trimsTextAndTakesAnEmptyOneAsMissing() {
        assertThat(entry("\"related_id\":\"  po-1\\t\"").relatedId()).isEqualTo("po-1");
        assertThat(entry("\"related_id\":\"   \"").relatedId()).isNull();
        refused(Entity.LEDGER_ENTRY, entryWith("\"tx_id\":\"  \""), Reason.PARSE_ERROR);
    }

    @Test
    void takesANumberAsTextByItsLiteral() {
        assertThat(entry("\"tx_id\":0012.50e1".replace("00", "")).txId()).isEqualTo("12.50e1");
        assertThat(entry("\"tx_id\":12345678901234567890123").txId()).isEqualTo("12345678901234567890123");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false", "[]", "[\"a\"]", "{}"})
    void refusesTextThatIsABooleanAnArrayOrAnObject(String value) {
        refused(Entity.LEDGER_ENTRY, entryWith("\"related_id\":" + value), Reason.PARSE_ERROR);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"10000.00\"', 10000.00",
        "'\"-0.10\"', -0.10",
        "10, 10",
        "10.0, 10.0",
        "'\" 7.50 \"', 7.50",
        "1e3, 1000",
        "1.5E+2, 150",
        "'\"1E-3\"', 0.001",
        "'\"0\"', 0",
        "0E+5, 0",
        "0e99999999999, 0",
        "-0.000, 0.000"
    })
    void keepsDigitsAndScaleOfDecimals(String value, String kept) {
        assertThat(entry("\"amount\":" + value).amount().toPlainString()).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"NaN\"",
                "\"Infinity\"",
                "\"-inf\"",
                "\"1,000\"",
                "\"0x1F\"",
                "\"1.\"",
                "\".5\"",
                "\"+1\"",
                "\"١٢\"",
                "\"1 2\"",
                "\"abc\"",
                "true",
                "[1]",
                "{}",
                "\"1e\"",
                "\"\"",
                "\" \"",
                "\"--1\""
            })
    void refusesWhatIsNoDecimal(String value) {
        refused(Entity.LEDGER_ENTRY, entryWith("\"amount\":" + value), Reason.PARSE_ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1e200000\"", "1e131073", "\"1e-16384\"", "\"1e99999999999\"", "-1E+2147483647"})
    void refusesDecimalsOfVeryManyDigits(String value) {
        refused(Entity.LEDGER_ENTRY, entryWith("\"amount\":" + value), Reason.VALUE_OUT_OF_RANGE);
    }

    @Test
    void takesADecimalThatAThousandDigitsWriteOutAndNoLongerOne() {
        for (String taken : List.of(
                "1e999",
                "1e-999",
                "9".repeat(1000),
                "0." + "0".repeat(999),
                "0." + "0".repeat(5000) + "e4100",
                "0e131071")) {
            entry("\"amount\":" + taken);
        }
        for (String refused : List.of(
                "1e1000",
                "1e-1000",
                "9".repeat(1001),
                "0." + "0".repeat(1000),
                "1." + "0".repeat(1000),
                "7".repeat(900_000))) {
            refused(Entity.LEDGER_ENTRY, entryWith("\"amount\":" + refused), Reason.VALUE_OUT_OF_RANGE);
            refused(Entity.LEDGER_ENTRY, entryWith("\"amount\":\"" + refused + '"'), Reason.VALUE_OUT_OF_RANGE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-02-05T01:02:03Z, 2026-02-05T01:02:03Z",
        "2026-02-05 01:02:03Z, 2026-02-05T01:02:03Z",
        "2026-02-05T01:02, 2026-02-05T01:02:00Z",
        "2026-02-05T01:02:03, 2026-02-05T01:02:03Z",
        "2026-02-05T10:02:03+09:00, 2026-02-05T01:02:03Z",
        "2026-02-05T10:02:03+0900, 2026-02-05T01:02:03Z",
        "2026-02-05T10:02+09, 2026-02-05T01:02:00Z",
        "2026-02-04T20:32:03-04:30, 2026-02-05T01:02:03Z",
        "2026-02-05T01:02:03.1Z, 2026-02-05T01:02:03.100Z",
        "2026-02-05T01:02:03.123456789Z, 2026-02-05T01:02:03.123456Z",
        "2026-02-05T01:02:03.999999999Z, 2026-02-05T01:02:03.999999Z",
        "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z, 9999-12-31T23:59:59.999999Z",
        "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z"
    })
    void readsTimes(String text, String instant) {
        assertThat(entry("\"event_time\":\"" + text + "\"").eventTime()).isEqualTo(Instant.parse(instant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-02-05",
                "20260205T010203Z",
                "2026-02-05T",
                "2026-02-05T01Z",
                "2026-02-05T24:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-02-30T00:00:00Z",
                "2025-02-29T00:00:00Z",
                "2026-02-05T01:60:00Z",
                "2026-02-05T01:02:60Z",
                "2026-02-05T01:02:03.Z",
                "2026-02-05T01:02:03Z extra",
                "yesterday",
                "2026-02-05T01:02:03+25:00",
                "2026-02-05T01:02:03+",
                "05/02/2026 01:02",
                "2026-W06-4T01:02:03Z",
                "2026-00-05T01:02:03Z",
                "12026-13-01T00:00:00Z",
                "+12023-02-29T00:00:00Z",
                "-2023-02-29T00:00:00Z",
                "+12026-01-01T99:99",
                "+12026-01-01T00:00:00Zx",
                "+2026-02-05T01:00:00Z",
                "",
                " "
            })
    void refusesWhatIsNoDateAndTime(String text) {
        refused(Entity.LEDGER_ENTRY, entryWith("\"event_time\":\"" + text + "\""), Reason.PARSE_ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1770253323", "1770253323.5", "true", "[]"})
    void refusesTimesThatAreNumbers(String value) {
        refused(Entity.LEDGER_ENTRY, entryWith("\"event_time\":" + value), Reason.PARSE_ERROR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000-12-31T23:59:59Z",
                "0001-01-01T00:00:00+01:00",
                "9999-12-31T23:59:59-01:00",
                "10000-01-01T00:00:00Z",
                "-0001-01-01T00:00:00Z",
                "+12026-01-01T00:00:00Z",
                "+12024-02-29T00:00:00Z",
                "-2024-02-29T00:00:00Z"
            })
    void refusesYearsThatTheStoreCannotHold(String text) {
        refused(Entity.LEDGER_ENTRY, entryWith("\"event_time\":\"" + text + "\""), Reason.VALUE_OUT_OF_RANGE);
    }

    @Test
    void agreesWithTheJdkOnRandomTimes() {
        long seed = 20260205;
        Random random = new Random(seed);
        long first = Instant.parse("0001-01-02T00:00:00Z").getEpochSecond();
        long span = Instant.parse("9999-12-30T00:00:00Z").getEpochSecond() - first;
        for (int i = 0; i < 20_000; i++) {
            Instant instant =
                    Instant.ofEpochSecond(first + (long) (random.nextDouble() * span), random.nextInt(1_000_000_000));
            OffsetDateTime written =
                    instant.atOffset(ZoneOffset.ofTotalSeconds(60 * (random.nextInt(2 * 14 * 60) - 14 * 60)));
            String text = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(written);
            assertThat(TimeValue.parse("t", new JsonValue(JsonValue.Kind.STRING, text)))
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(instant.truncatedTo(ChronoUnit.MICROS));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "'\"0\"', 0",
        "-5, -5",
        "'\"+7\"', 7",
        "'\" 12 \"', 12",
        "9223372036854775807, 9223372036854775807",
        "'\"-9223372036854775808\"', -9223372036854775808"
    })
    void readsIntegersAndTakesZeroAsAValue(String value, long version) {
        assertThat(entry("\"version\":" + value).version()).isEqualTo(version);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.0", "1e3", "\"1.5\"", "\"v7\"", "true", "[]", "\"+\"", "\"\"", "\" \"", "\"١\"", "\"1_000\""})
    void refusesWhatIsNoInteger(String value) {
        refused(Entity.LEDGER_ENTRY, entryWith("\"version\":" + value), Reason.PARSE_ERROR);
    }

    @Test
    void refusesIntegersBeyond64Bits() {
        refused(Entity.LEDGER_ENTRY, entryWith("\"version\":9223372036854775808"), Reason.VALUE_OUT_OF_RANGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\u0000b", "\\ud800", "\\udc00x", "\\ud800\\ud800"})
    void refusesTextThatTheStoreCannotHold(String text) {
        refused(Entity.LEDGER_ENTRY, entryWith("\"entry_type\":\"" + text + "\""), Reason.VALUE_OUT_OF_RANGE);
    }

    @Test
    void refusesIdentifiersTooLongToIndex() {
        String longest = "x".repeat(TextValue.LONGEST_IDENTIFIER);
        assertThat(entry("\"wallet_id\":\"" + longest + "\"").walletId()).isEqualTo(longest);
        refused(Entity.LEDGER_ENTRY, entryWith("\"wallet_id\":\"" + longest + "x\""), Reason.VALUE_OUT_OF_RANGE);
    }
}
