package txlookup.fuzz.model;

/** The grammar of numbers, RFC 8259 section 6; for literals, and for strings that hold one. */
final class JsonNumber {
    private JsonNumber() {}

    /** Where the number that begins at {@code from} ends; -1 where none begins. */
    static int end(String text, int from) {
        int at = character(text, from) == '-' ? from + 1 : from;
        int end = digits(text, at);
        if (end == at) {
            return -1;
        }
        // What follows a zero is not part of the number, so that 01 is one number and rubbish.
        at = text.charAt(at) == '0' ? at + 1 : end;
        if (character(text, at) == '.') {
            end = digits(text, at + 1);
            if (end == at + 1) {
                return -1;
            }
            at = end;
        }
        if ((character(text, at) | 0x20) == 'e') {
            char sign = character(text, at + 1);
            int exponent = sign == '+' || sign == '-' ? at + 2 : at + 1;
            end = digits(text, exponent);
            if (end == exponent) {
                return -1;
            }
            at = end;
        }
        return at;
    }

    private static int digits(String text, int from) {
        int at = from;
        while (character(text, at) >= '0' && character(text, at) <= '9') {
            at++;
        }
        return at;
    }

    private static char character(String text, int at) {
        return at < text.length() ? text.charAt(at) : 0;
    }
}
