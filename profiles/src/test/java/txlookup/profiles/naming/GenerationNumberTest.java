package txlookup.profiles.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationNumberTest {

    private static final Instant CUTOVER = Instant.parse("2026-11-21T01:07:33.987654Z");

    @Test
    void numberIsTheCutoverInUtcToTheSecond() {
        GenerationNumber generation = GenerationNumber.fromCutover(CUTOVER);

        assertThat(generation).hasToString("20261121010733");
        assertThat(generation.cutover()).contains(Instant.parse("2026-11-21T01:07:33Z"));
        assertThat(GenerationNumber.parse("20261121010733")).isEqualTo(generation);
    }

    @Test
    void laterGenerationIsGreaterAndAPinnedOneIsLowerThanAnyTime() {
        GenerationNumber now = GenerationNumber.fromCutover(CUTOVER);

        assertThat(GenerationNumber.fromCutover(CUTOVER.plusSeconds(1))).isGreaterThan(now);
        assertThat(new GenerationNumber(999_999)).isLessThan(now);
        assertThat(new GenerationNumber(1).cutover()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "-1",
                "01",
                "v1",
                "1000000",
                "2026112101073",
                "202611210107330",
                "20261321010733",
                "20260230000000",
                "20261121240000",
                "\u0661"
            })
    void textThatIsNoGenerationIsRefusedWithWhatWasSeen(String text) {
        assertThatThrownBy(() -> GenerationNumber.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }
}
