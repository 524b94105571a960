package txlookup.proof.store;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Writes PostgreSQL's wire format of numeric as plain ASCII digits, scale included: what {@code BigDecimal.toPlainString}
 * gives for the same value, without making one.
 */
final class StoredNumeric {
    private static final int NEGATIVE = 0x4000;
    private static final int NOT_A_NUMBER = 0xC000;
    private static final int DIGITS_PER_GROUP = 4;

    private byte[] text = new byte[64];
    private int length;

    /** The digits are then in {@link #text}, up to {@link #length}. */
    void read(ByteBuffer row, int at) {
        int groups = row.getShort(at);
        int weight = row.getShort(at + 2);
        int sign = row.getShort(at + 4) & 0xffff;
        int scale = row.getShort(at + 6);
        length = 0;
        ensure(DIGITS_PER_GROUP * (Math.max(weight, 0) + 2) + scale + 8);
        if ((sign & NOT_A_NUMBER) == NOT_A_NUMBER) {
            // NaN and the infinities: no writer of ours stores one; it only has to differ from every number.
            put('N');
            return;
        }
        if (sign == NEGATIVE) {
            put('-');
        }
        if (weight < 0) {
            put('0');
        }
        for (int group = 0; group <= weight; group++) {
            int digits = group < groups ? row.getShort(at + 8 + 2 * group) : 0;
            putGroup(digits, group == 0 ? firstDigit(digits) : 0, DIGITS_PER_GROUP);
        }
        if (scale > 0) {
            put('.');
            int written = 0;
            for (int group = weight + 1; written < scale; group++) {
                int digits = group >= 0 && group < groups ? row.getShort(at + 8 + 2 * group) : 0;
                int wanted = Math.min(scale - written, DIGITS_PER_GROUP);
                putGroup(digits, 0, wanted);
                written += wanted;
            }
        }
    }

    private static int firstDigit(int group) {
        return group >= 1000 ? 0 : group >= 100 ? 1 : group >= 10 ? 2 : 3;
    }

    private void putGroup(int group, int from, int to) {
        int divisor = 1000;
        for (int digit = 0; digit < to; digit++) {
            if (digit >= from) {
                put((char) ('0' + group / divisor % 10));
            }
            divisor /= 10;
        }
    }

    private void put(char c) {
        text[length++] = (byte) c;
    }

    private void ensure(int wanted) {
        if (text.length < wanted) {
            text = Arrays.copyOf(text, wanted);
        }
    }

    boolean isFinite() {
        return text[0] != 'N';
    }

    byte[] text() {
        return text;
    }

    int length() {
        return length;
    }
}
