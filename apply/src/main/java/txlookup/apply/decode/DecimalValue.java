package txlookup.apply.decode;

import java.math.BigDecimal;

/**
 * Decimals as docs/contract.md takes them: digits and scale kept as sent, as long as 1,000 digits write the number out.
 */
final class DecimalValue {
    /** An exponent of few characters may stand for very many digits, which every reader would have to hold. */
    private static final int MAX_DIGITS = 1_000;

    private DecimalValue() {}

    static BigDecimal parse(String field, JsonValue value) {
        if (value.kind() == JsonValue.Kind.OTHER) {
            throw unparsable(field, value);
        }
        String text = value.text().strip();
        if (text.isEmpty() || !isJsonNumber(text)) {
            throw unparsable(field, value);
        }
        int digits = significantDigits(text);
        if (digits > MAX_DIGITS) {
            throw outOfRange(field, value);
        }
        try {
            return storable(field, value, new BigDecimal(text));
        } catch (NumberFormatException e) {
            // The exponent is beyond an int, which only zero survives.
            if (digits == 0 && !text.contains("e-") && !text.contains("E-")) {
                return BigDecimal.ZERO;
            }
            throw outOfRange(field, value);
        }
    }

    /** Digits of the mantissa without leading zeros: a bound that costs nothing, while making a BigDecimal may be quadratic. */
    private static int significantDigits(String number) {
        int digits = 0;
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            if (c == 'e' || c == 'E') {
                break;
            }
            if (c >= '0' && c <= '9' && (digits > 0 || c != '0')) {
                digits++;
            }
        }
        return digits;
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
        if (decimal.signum() == 0 && decimal.scale() < 0) {
            return BigDecimal.ZERO;
        }
        long integerDigits = Math.max((long) decimal.precision() - decimal.scale(), 1);
        if (integerDigits + Math.max(decimal.scale(), 0) > MAX_DIGITS) {
            throw outOfRange(field, value);
        }
        // 1E+3 has no digits to keep after a point that it does not have: numeric holds it as 1000.
        return decimal.scale() < 0 ? decimal.setScale(0) : decimal;
    }

    private static Refusal unparsable(String field, JsonValue value) {
        return Refusal.parseError("%s: wanted a decimal number, saw %s".formatted(field, value.shown()));
    }

    private static Refusal outOfRange(String field, JsonValue value) {
        return Refusal.outOfRange(
                "%s: takes more than %,d digits written out: %s".formatted(field, MAX_DIGITS, value.shown()));
    }
}
