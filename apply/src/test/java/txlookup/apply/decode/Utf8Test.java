package txlookup.apply.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Utf8Test {
    private static final int[] SEAMS = {
        0x00, 0x01, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff
    };

    @Test
    void saysWhatAStrictDecoderSaysWhereverAByteLies() {
        SplittableRandom random = new SplittableRandom(8);
        for (int n = 0; n < 300_000; n++) {
            byte[] bytes = new byte[random.nextInt(40)];
            for (int at = 0; at < bytes.length; at++) {
                int kind = random.nextInt(20);
                bytes[at] = (byte)
                        (kind == 0
                                ? SEAMS[random.nextInt(SEAMS.length)]
                                : kind == 1 ? 0x80 + random.nextInt(0x80) : 1 + random.nextInt(0x7f));
            }
            assertThat(Utf8.firstFlaw(bytes) < 0).as("%s", bytes).isEqualTo(isText(bytes));
        }
    }

    @Test
    void namesThePlaceOfTheFirstFlaw() {
        for (int place = 0; place < 30; place++) {
            byte[] bytes = "a".repeat(30).getBytes(StandardCharsets.UTF_8);
            bytes[place] = 0;
            assertThat(Utf8.firstFlaw(bytes)).isEqualTo(place);
            bytes[place] = (byte) 0xff;
            assertThat(Utf8.firstFlaw(bytes)).isEqualTo(place);
        }
        assertThat(Utf8.firstFlaw("a€한😀".repeat(9).getBytes(StandardCharsets.UTF_8)))
                .isNegative();
    }

    private static boolean isText(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString()
                            .indexOf('\0')
                    < 0;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
