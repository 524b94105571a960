package txlookup.api.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusGroupTest {
    @ParameterizedTest
    @CsvSource({
        "SUCCESS, SETTLED COMPLETED SUCCESS SUCCEEDED PAID",
        "FAIL, FAILED CANCELLED CANCELED REJECTED DECLINED",
        "IN_PROGRESS, CREATED PENDING PROCESSING AUTHORIZED"
    })
    void everyStatusHasItsGroupWhateverItsCaseAndTheSpaceAroundIt(StatusGroup group, String statuses) {
        assertThat(Arrays.asList(statuses.split(" ", -1))).allSatisfy(status -> {
            assertThat(StatusGroup.of(status)).isEqualTo(group);
            assertThat(StatusGroup.of(" " + status.toLowerCase(Locale.ROOT) + "\t"))
                    .isEqualTo(group);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "REFUNDED", "SETTLED-ISH", "SET TLED", "UNKNOWN"})
    void anyOtherStatusIsUnknown(String status) {
        assertThat(StatusGroup.of(status)).isEqualTo(StatusGroup.UNKNOWN);
    }

    @Test
    void noStatusIsUnknown() {
        assertThat(StatusGroup.of(null)).isEqualTo(StatusGroup.UNKNOWN);
    }
}
