package txlookup.apply.decode;

/**
 * Integers as docs/contract.md takes them: a JSON integer or a string of digits with an optional sign, within 64 bits.
 */
final class IntegerValue {
    private IntegerValue() {}

    static Long parse(String field, JsonValue value) {
        if (value.kind() == JsonValue.Kind.OTHER || value.kind() == JsonValue.Kind.DECIMAL) {
            throw unparsable(field, value);
        }
        String text = value.text().strip();
        int digits = text.startsWith("+") || text.startsWith("-") ? 1 : 0;
        if (digits == text.length()) {
            throw unparsable(field, value);
        }
        for (int i = digits; i < text.length(); i++) {
            // Not Character.isDigit: it takes digits of every script.
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                throw unparsable(field, value);
            }
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw Refusal.outOfRange("%s: does not fit in 64 bits: %s".formatted(field, value.shown()));
        }
    }

    private static Refusal unparsable(String field, JsonValue value) {
        return Refusal.parseError("%s: wanted a whole number, saw %s".formatted(field, value.shown()));
    }
}
