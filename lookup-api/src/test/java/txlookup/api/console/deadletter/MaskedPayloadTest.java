package txlookup.api.console.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a dead letter shows of its bytes. */
class MaskedPayloadTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"tx_id\":\"T-1\",\"password\":\"hush\"} | {\"tx_id\":\"T-1\",\"password\":\"***\"}",
                "{\"apiToken\" : 12, \"a\":1} | {\"apiToken\" : \"***\", \"a\":1}",
                "{\"credentials\":{\"user\":\"u\",\"pw\":[\"}\"]},\"a\":1} | {\"credentials\":\"***\",\"a\":1}",
                "{\"pass\\u0077ord\":\"hush\"} | {\"pass\\u0077ord\":\"***\"}",
                "{\"secret\":\"a\\\"b\",\"a\":1} | {\"secret\":\"***\",\"a\":1}",
                "{\"a\":1,\"client_secret\":\"cut off in the mid | {\"a\":1,\"client_secret\":\"***\"",
                "{\"a\":\"token\",\"b\":\"password\"} | {\"a\":\"token\",\"b\":\"password\"}",
                "{\"amount\":1.10,\"amount\":1.1,} | {\"amount\":1.10,\"amount\":1.1,}",
                "{\"company\":\"x\",\"pan\":\"4111111111111111\"} | {\"company\":\"x\",\"pan\":\"***\"}",
                "user=u password=hush x=1 | user=u password=*** x=1",
                "Authorization: Bearer abc.def | Authorization: ***",
                "{\"note\":\"eyJhbGciOi.eyJzdWIiOi.c2ln\"} | {\"note\":\"***\"}",
                "see x.eyJhbGciOi.eyJzdWIiOi.c2ln.y eyJ.a.b | see x.***.y eyJ.a.b",
                "a=token=hush b.api-key : hush2; token | a=token=*** b.api-key : ***; token"
            })
    void secretsAreMaskedAndNothingElseIsChanged(String bytes, String shown) {
        assertThat(MaskedPayload.of(bytes.getBytes(UTF_8))).isEqualTo(shown);
    }

    /** The backtracking expressions of before took hours for some of these. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "token",
                "a",
                "eyJ",
                "eyJhbGciOi.",
                "token \t",
                " ",
                "\"",
                "\"token\" ",
                "pan-",
                "\\u0070",
                "token=",
                "bearer "
            })
    void noStoredRecordKeepsAProcessorBusy(String repeated) {
        byte[] hostile =
                repeated.repeat(MaskedPayload.SHOWN_BYTES / repeated.length()).getBytes(UTF_8);

        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> MaskedPayload.of(hostile));
    }

    @Test
    void whatIsNoTextIsShownInHexadecimal() {
        assertThat(MaskedPayload.of(new byte[] {(byte) 0xff, 0x00, 0x41})).isEqualTo("0xff0041");
        assertThat(MaskedPayload.of(null)).isNull();
    }

    @Test
    void aVeryLongValueIsCutAndSaysSo() {
        String shown = MaskedPayload.of("가".repeat(60_000).getBytes(UTF_8));
        assertThat(shown).startsWith("가가").endsWith("[114464 bytes more]");
    }

    @Test
    void headersAreDecodedAndMasked() {
        String value = Base64.getEncoder().encodeToString("plain".getBytes(UTF_8));
        assertThat(MaskedPayload.headers(
                        "[{\"key\":\"source\",\"value\":\"%s\"},{\"key\":\"Authorization\",\"value\":\"%s\"}]"
                                .formatted(value, value)))
                .isEqualTo("source: plain\nAuthorization: ***");
    }
}
