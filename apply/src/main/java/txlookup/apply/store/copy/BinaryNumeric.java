package txlookup.apply.store.copy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * PostgreSQL's wire format of numeric: a count of base-10,000 digits, the power of the first, the sign, the display
 * scale, then the digits. The scale travels, so 10.0 and 10.00 stay different (docs/contract.md: kept as sent).
 */
final class BinaryNumeric {
    private static final int DIGITS_PER_GROUP = 4;
    private static final short NEGATIVE = 0x4000;

    private BinaryNumeric() {}

    /** @param value with a scale from 0 to 16,383, as decoding leaves it */
    static byte[] encode(BigDecimal value) {
        int scale = value.scale();
        if (scale < 0) {
            throw new IllegalArgumentException("numeric has no negative scale, saw " + scale);
        }
        String digits = value.signum() == 0 ? "" : digits(value);
        int fractionGroups = groups(scale);
        int integerDigits = Math.max(digits.length() - scale, 0);
        int integerGroups = groups(integerDigits);
        int groups = digits.isEmpty() ? 0 : integerGroups + fractionGroups;
        ByteBuffer encoded = ByteBuffer.allocate(8 + 2 * groups);
        encoded.putShort((short) groups)
                .putShort((short) (integerGroups - 1))
                .putShort(value.signum() < 0 ? NEGATIVE : 0)
                .putShort((short) scale);
        // Where the first group's first digit lies: before the string for a number that does not fill its groups.
        int at = digits.length() - scale - integerGroups * DIGITS_PER_GROUP;
        for (int group = 0; group < groups; group++, at += DIGITS_PER_GROUP) {
            encoded.putShort(group(digits, at));
        }
        return encoded.array();
    }

    /** Almost every amount fits into a long, whose digits cost a fraction of a BigInteger's. */
    private static String digits(BigDecimal value) {
        BigInteger unscaled = value.unscaledValue();
        return unscaled.bitLength() < Long.SIZE - 1
                ? Long.toString(Math.abs(unscaled.longValue()))
                : unscaled.abs().toString();
    }

    private static int groups(int digits) {
        return (digits + DIGITS_PER_GROUP - 1) / DIGITS_PER_GROUP;
    }

    private static short group(String digits, int start) {
        int group = 0;
        for (int i = start; i < start + DIGITS_PER_GROUP; i++) {
            group = group * 10 + (i >= 0 && i < digits.length() ? digits.charAt(i) - '0' : 0);
        }
        return (short) group;
    }
}
