package txlookup.profiles.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.profiles.DurationText;

class DataSizeTest {

    @ParameterizedTest
    @CsvSource({"0B, 0", "1B, 1", "1023B, 1023", "9KiB, 9216", "8MiB, 8388608", "3GiB, 3221225472"})
    void sizeIsReadAndWrittenBack(String text, long bytes) {
        assertThat(DataSize.parse(text)).isEqualTo(new DataSize(bytes)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8", "8MB", "8 MiB", "-1B", "1.5MiB", "9999999999B", "8mib"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> DataSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"200ms, PT0.2S", "5s, PT5S", "15m, PT15M", "72h, PT72H", "3d, PT72H", "0s, PT0S"})
    void durationIsRead(String text, Duration duration) {
        assertThat(DurationText.parse(text)).isEqualTo(duration);
    }

    @Test
    void durationWithoutItsUnitIsRefused() {
        assertThatThrownBy(() -> DurationText.parse("15")).isInstanceOf(IllegalArgumentException.class);
    }
}
