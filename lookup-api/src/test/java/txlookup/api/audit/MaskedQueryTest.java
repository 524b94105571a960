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

    @Test
    void noQueryStaysNone() {
        assertThat(MaskedQuery.of(null)).isNull();
    }
}
