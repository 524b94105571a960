package txlookup.apply.decode;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Text as docs/contract.md takes it: a JSON string, trimmed, or a number's literal; empty is missing. */
final class TextValue {
    /**
     * Bytes of an identifier that PostgreSQL can certainly index: a b-tree row of wallet, time and tx must stay within a
     * third of its 8 KiB page.
     */
    static final int LONGEST_IDENTIFIER = 1000;

    private TextValue() {}

    static @Nullable String parse(String field, JsonValue value) {
        if (value.kind() == JsonValue.Kind.OTHER) {
            throw Refusal.parseError("%s: wanted text, saw %s".formatted(field, value.shown()));
        }
        String text = value.text().strip();
        if (text.isEmpty()) {
            return null;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw Refusal.outOfRange("%s: holds a NUL character, which PostgreSQL cannot store".formatted(field));
            }
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw Refusal.outOfRange("%s: holds half a surrogate pair, which is no character".formatted(field));
                }
                i++;
            }
        }
        return text;
    }

    static @Nullable String parseIdentifier(String field, JsonValue value) {
        String text = parse(field, value);
        if (text != null
                && text.length() > LONGEST_IDENTIFIER / 4
                && text.getBytes(StandardCharsets.UTF_8).length > LONGEST_IDENTIFIER) {
            throw Refusal.outOfRange("%s: longer than the %d bytes that can be indexed: %s"
                    .formatted(field, LONGEST_IDENTIFIER, value.shown()));
        }
        return text;
    }
}
