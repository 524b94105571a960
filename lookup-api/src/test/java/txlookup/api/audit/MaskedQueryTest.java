package txlookup.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskedQueryTest {
    @ParameterizedTest
    @CsvSource({
        "token=a, token=***",
        "access_token=a&x=1, access_token=***&x=1",
        "password=a, password=***",
        "clientSecret=a, clientSecret=***",
        "api-key=a, api-key=***",
        "Authorization=Bearer%20a, Authorization=***",
        "X-Signature=a=b, X-Signature=***",
        "%74oken=a, %74oken=***",
        "TOKEN=, TOKEN=***",
        "cursor=abc, cursor=abc",
        "from=2026&to=&limit=5, from=2026&to=&limit=5",
        "token, token",
        "%zztoken=a, %zztoken=***",
        "&&a=1&, &&a=1&",
        "'', ''"
    })
    void valuesOfSecretLikeNamesAreMaskedAndAllElseIsKept(String query, String masked) {
        assertThat(MaskedQuery.of(query)).isEqualTo(masked);
    }

    @ParameterizedTest
    @CsvSource({
        "4111111111111111, ***1111",
        "4111 1111 1111 1111, ***1111",
        "4111-1111-1111-1111, ***1111",
        "3782 822463 10005, ***0005",
        "pay 5555555555554444 now, pay ***4444 now",
        "q=4111+1111+1111+1111&limit=5, q=***1111&limit=5",
        // No check digit, too short, too long, an id that holds them.
        "4111111111111112, 4111111111111112",
        "411111111111, 411111111111",
        "41111111111111111111, 41111111111111111111",
        "2026-02-05T01:00:10Z, 2026-02-05T01:00:10Z"
    })
    void aCardsNumberThatSomebodyTypedIsMasked(String typed, String kept) {
        assertThat(typed.startsWith("q=") ? MaskedQuery.of(typed) : MaskedQuery.withoutCards(typed))
                .isEqualTo(kept);
    }

    @Test
    void onlyWhatIsTypedToSearchMayBeACard() {
        assertThat(MaskedQuery.of("wallet_id=4111111111111111")).isEqualTo("wallet_id=4111111111111111");
    }

    @Test
    void noQueryStaysNone() {
        assertThat(MaskedQuery.of(null)).isNull();
    }
}
