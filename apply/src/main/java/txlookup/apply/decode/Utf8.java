package txlookup.apply.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Whether bytes are UTF-8, strictly. Jackson does not ask: it takes characters that are written too long, halves of
 * surrogate pairs and numbers beyond the last character for text, does not look at what it skips, and guesses UTF-16 and
 * UTF-32 from the NULs among the first four bytes.
 */
final class Utf8 {
    private static final int LAST_CHARACTER = 0x10ffff;
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    /** Where the first byte lies that no JSON text in UTF-8 has in its place; -1 where there is none. */
    static int firstFlaw(byte[] bytes) {
        for (int at = 0; at < bytes.length; ) {
            if (at + Long.BYTES <= bytes.length && isPlain((long) EIGHT.get(bytes, at))) {
                at += Long.BYTES;
                continue;
            }
            byte first = bytes[at];
            if (first > 0) {
                at++;
                continue;
            }
            int length = lengthOf(first);
            if (length == 0 || at + length > bytes.length || !isCharacter(bytes, at, length)) {
                return at;
            }
            at += length;
        }
        return -1;
    }

    /** Whether eight bytes are ASCII and none of them is NUL: nearly all are, in what producers send. */
    private static boolean isPlain(long eight) {
        return ((eight | (eight - ONES)) & HIGH_BITS) == 0;
    }

    /** By the first byte; 0 where none begins with it. NUL is a character, but JSON has no place for it. */
    private static int lengthOf(byte first) {
        int bits = first & 0xff;
        if (bits >= 0xc2 && bits < 0xe0) {
            return 2;
        }
        if (bits >= 0xe0 && bits < 0xf0) {
            return 3;
        }
        return bits >= 0xf0 && bits < 0xf5 ? 4 : 0;
    }

    private static boolean isCharacter(byte[] bytes, int at, int length) {
        int character = bytes[at] & (0x7f >> length);
        for (int i = 1; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return false;
            }
            character = character << 6 | (bytes[at + i] & 0x3f);
        }
        return switch (length) {
            case 2 -> true;
            case 3 ->
                character >= 0x800 && (character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE);
            default -> character >= 0x10000 && character <= LAST_CHARACTER;
        };
    }
}
