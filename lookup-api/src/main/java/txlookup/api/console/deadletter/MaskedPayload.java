package txlookup.api.console.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A record's bytes as text to look at, with what looks like a secret masked. What is shown is never parsed and written
 * anew: why a record was refused may lie in a member that stands twice, or in a comma.
 */
final class MaskedPayload {
    /** Shown of a value, and of a key on a page of its own. */
    static final int SHOWN_BYTES = 64 * 1024;

    /** Shown of a key in a list. */
    static final int SHOWN_IN_LIST = 256;

    private static final String MASK = "***";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i)token|password|passwd|passphrase|secret|credential|authorization|signature|cookie"
                    + "|(api|access|private|encryption|signing)[-_ ]?key|card[-_ ]?(number|no)"
                    + "|(^|[-_. ])(pin|cvv|cvc|pan|ssn|rrn|pwd)($|[-_. ])");

    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-fA-F]{4})");

    private MaskedPayload() {}

    /** Null for no bytes; hexadecimal for what is no text. */
    static @Nullable String of(byte @Nullable [] bytes) {
        return of(bytes, SHOWN_BYTES, bytes == null ? 0 : bytes.length);
    }

    /** Of a text; null for none. */
    static @Nullable String text(@Nullable String text) {
        return text == null ? null : masked(text);
    }

    /** Of the first bytes of a record's key, as a list shows it; {@code all} is how many there are. */
    static @Nullable String inList(byte @Nullable [] first, int all) {
        return of(first, SHOWN_IN_LIST, all);
    }

    private static @Nullable String of(byte @Nullable [] bytes, int most, int all) {
        if (bytes == null) {
            return null;
        }
        byte[] shown = bytes.length > most ? Arrays.copyOf(bytes, most) : bytes;
        String more = all > most ? "\n[%d bytes more]".formatted(all - most) : "";
        try {
            String text = UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(shown))
                    .toString();
            return masked(text) + more;
        } catch (CharacterCodingException e) {
            // Cut in the middle of a character, it is text all the same.
            return all > most
                    ? masked(new String(shown, UTF_8)) + more
                    : "0x" + HexFormat.of().formatHex(shown) + more;
        }
    }

    /** The record's headers, one a line. */
    static String headers(String stored) {
        List<String> lines = new ArrayList<>();
        try {
            for (JsonNode header : JSON.readTree(stored)) {
                String name = header.path("key").asString("");
                String value = header.path("value").asString("");
                boolean secret = SECRET_NAME.matcher(name).find();
                lines.add(name + ": " + (secret ? MASK : of(Base64.getDecoder().decode(value))));
            }
            return String.join("\n", lines);
        } catch (JacksonException | IllegalArgumentException e) {
            return masked(stored); // not as the consumer writes them
        }
    }

    static String masked(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) != '"') {
                out.append(text.charAt(at++));
                continue;
            }
            int end = endOfString(text, at);
            String string = text.substring(at, end);
            int value = startOfMember(text, end);
            out.append(string);
            at = end;
            if (value >= 0 && SECRET_NAME.matcher(unescaped(string)).find()) {
                out.append(text, end, value).append('"').append(MASK).append('"');
                at = endOfValue(text, value);
            }
        }
        return SecretWords.masked(out.toString(), MASK);
    }

    /** Behind the closing quote, or the text's end where there is none. */
    private static int endOfString(String text, int start) {
        for (int at = start + 1; at < text.length(); at++) {
            if (text.charAt(at) == '\\') {
                at++;
            } else if (text.charAt(at) == '"') {
                return at + 1;
            }
        }
        return text.length();
    }

    /** Where the value of the member begins whose name ends here; -1 when no colon follows, so that it was no name. */
    private static int startOfMember(String text, int end) {
        int at = skipBlanks(text, end);
        return at < text.length() && text.charAt(at) == ':' ? skipBlanks(text, at + 1) : -1;
    }

    private static int skipBlanks(String text, int start) {
        int at = start;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Behind the whole value, whatever it holds; the text's end where it is not closed. */
    private static int endOfValue(String text, int start) {
        int depth = 0;
        int at = start;
        while (at < text.length()) {
            char next = text.charAt(at);
            if (next == '"') {
                at = endOfString(text, at);
                if (depth == 0) {
                    return at;
                }
                continue;
            }
            if (depth == 0 && (next == ',' || next == '}' || next == ']')) {
                return at;
            }
            depth += next == '{' || next == '[' ? 1 : next == '}' || next == ']' ? -1 : 0;
            at++;
            if (depth == 0 && (next == '}' || next == ']')) {
                return at;
            }
        }
        return at;
    }

    /** A name may be written with escapes; what it means counts. */
    private static String unescaped(String string) {
        return ESCAPE.matcher(string)
                .replaceAll(
                        escape -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(escape.group(1), 16))))
                .replaceAll("^\"|\"$", "");
    }
}
