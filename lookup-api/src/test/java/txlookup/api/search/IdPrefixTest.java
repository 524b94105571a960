package txlookup.api.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdPrefixTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "TX-1", "ü", "\uD7FF", "\uD83D\uDE00", "a\uDBFF\uDFFF", "\u007F"})
    void theEndIsGreaterThanEverythingThatBeginsWithThePrefixAndNotThanWhatComesNext(String prefix) {
        String end = IdPrefix.end(prefix);

        for (String rest : List.of("", "0", "zzz", "\uFFFF", "\uDBFF\uDFFF\uDBFF\uDFFF")) {
            assertThat(IdPrefix.BY_BYTES.compare(prefix + rest, end)).isNegative();
        }
        assertThat(end).doesNotStartWith(prefix);
    }

    @Test
    void theEndIsTheLeastSuchText() {
        assertThat(IdPrefix.end("TX-1")).isEqualTo("TX-2");
        assertThat(IdPrefix.end("\uD7FF")).isEqualTo("\uE000");
        assertThat(IdPrefix.end("a\uDBFF\uDFFF")).isEqualTo("b");
    }
}
