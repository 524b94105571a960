package txlookup.apply.decode;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Decimals as contract.md takes them: digits and scale kept as sent, within what PostgreSQL's numeric holds. */
final class DecimalValue {
    /** PostgreSQL numeric: up to 131,072 digits before the decimal point, 16,383 after it. */
    private static final int MOST_INTEGER_DIGITS = 131_072;

    private static final int MOST_FRACTION_DIGITS = 16_383;

    private DecimalValue() {}

    static @Nullable BigDecimal parse(String field, JsonValue value) {
        if (value.kind() == JsonValue.Kind.OTHER) {
            throw unparsable(field, value);
        }
        String text = value.text().strip();
        if (text.isEmpty()) {
            return null;
        }
        if (!isJsonNumber(text)) {
            throw unparsable(field, value);
        }
        try {
            return storable(field, value, new BigDecimal(text));
        } catch (NumberFormatException e) {
            // The exponent is beyond an int: a number, but not one that anything here can hold.
            throw outOfRange(field, value);
        }
    }

    /** RFC 8259's grammar, for BigDecimal alone would take digits of any script, {@code +1}, {@code .5} and {@code 1.}. */
    private static boolean isJsonNumber(String text) {
        int at = text.charAt(0) == '-' ? 1 : 0;
        int integer = digitsFrom(text, at);
        if (integer == at || (text.charAt(at) == '0' && integer > at + 1)) {
            return false;
        }
        at = integer;
        if (at < text.length() && text.charAt(at) == '.') {
            int fraction = digitsFrom(text, at + 1);
            if (fraction == at + 1) {
                return false;
            }
            at = fraction;
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            int exponent = digitsFrom(text, at);
            if (exponent == at) {
                return false;
            }
            at = exponent;
        }
        return at == text.length();
    }

    private static int digitsFrom(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static BigDecimal storable(String field, JsonValue value, BigDecimal decimal) {
        if (decimal.scale() > MOST_FRACTION_DIGITS) {
            throw outOfRange(field, value);
        }
        if (decimal.scale() >= 0) {
            if ((long) decimal.precision() - decimal.scale() > MOST_INTEGER_DIGITS) {
                throw outOfRange(field, value);
            }
            return decimal;
        }
        // 1E+3 has no digits to keep after a point that it does not have: numeric holds it as 1000.
        if (decimal.signum() == 0) {
            return new BigDecimal(BigInteger.ZERO);
        }
        if ((long) decimal.precision() - decimal.scale() > MOST_INTEGER_DIGITS) {
            throw outOfRange(field, value);
        }
        return decimal.setScale(0);
    }

    private static Refusal unparsable(String field, JsonValue value) {
        return Refusal.parseError("%s: wanted a decimal number, saw %s".formatted(field, value.shown()));
    }

    private static Refusal outOfRange(String field, JsonValue value) {
        return Refusal.outOfRange("%s: beyond the %,d digits before and %,d after the point that can be stored: %s"
                .formatted(field, MOST_INTEGER_DIGITS, MOST_FRACTION_DIGITS, value.shown()));
    }
}
