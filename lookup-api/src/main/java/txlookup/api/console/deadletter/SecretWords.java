package txlookup.api.console.deadletter;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Masks secrets outside JSON: {@code name=value}, {@code name: value}, and a web token with its three parts wherever it
 * stands. Each character is looked at a bounded number of times, so no stored record can keep a processor busy.
 */
final class SecretWords {
    private static final Pattern WORD = Pattern.compile("[\\w.-]++");
    private static final Pattern SECRET =
            Pattern.compile("(?i)token|password|passwd|secret|credential|authorization|api[-_]?key");
    private static final Pattern IS = Pattern.compile("[ \\t]*+[=:][ \\t]*+");
    private static final Pattern VALUE = Pattern.compile("(?i)((?:bearer|basic)[ \\t]++)?+[^\\s\"&,;{}\\[\\]*]++");

    private static final String TOKEN_START = "eyJ";
    private static final int SHORTEST_PART = 8;
    private static final int PARTS = 3;

    private SecretWords() {}

    static String masked(String text, String mask) {
        StringBuilder out = new StringBuilder(text.length());
        Matcher word = WORD.matcher(text);
        Matcher is = IS.matcher(text);
        Matcher value = VALUE.matcher(text);
        int written = 0;
        int from = 0;
        while (from < text.length() && word.find(from)) {
            String found = word.group();
            out.append(text, written, word.start());
            written = word.end();
            // The separator is looked for behind secret names alone: else each of many words would look at one long
            // blank.
            boolean secret = SECRET.matcher(found).find();
            if (secret
                    && is.region(word.end(), text.length()).lookingAt()
                    && value.region(is.end(), text.length()).lookingAt()) {
                out.append(found).append(text, word.end(), is.end()).append(mask);
                written = value.end();
            } else {
                appendWithoutTokens(out, found, mask);
            }
            from = written;
        }
        return out.append(text, written, text.length()).toString();
    }

    /** A web token is three parts with dots between, the first of which begins as encoded JSON does. */
    private static void appendWithoutTokens(StringBuilder out, String word, String mask) {
        if (!word.contains(TOKEN_START)) {
            out.append(word);
            return;
        }
        String[] parts = word.split("\\.", -1);
        for (int part = 0; part < parts.length; part++) {
            out.append(part == 0 ? "" : ".");
            int start = parts[part].indexOf(TOKEN_START);
            if (start >= 0
                    && parts[part].length() - start >= SHORTEST_PART
                    && part + PARTS <= parts.length
                    && !parts[part + 1].isEmpty()) {
                out.append(parts[part], 0, start).append(mask);
                part += PARTS - 1;
            } else {
                out.append(parts[part]);
            }
        }
    }
}
