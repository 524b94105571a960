package txlookup.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The texts of the exceptions that a source file makes, as far as they are written there. */
final class ThrownTexts {
    /** Comments, text blocks, strings and characters. */
    private static final Pattern TOKEN = Pattern.compile(
            "//[^\\n]*+|/\\*.*?\\*/|\"\"\".*?\"\"\"|\"(?:[^\"\\\\\\n]++|\\\\.)*+\"|'(?:[^'\\\\]|\\\\.)++'",
            Pattern.DOTALL);

    private static final Pattern MADE = Pattern.compile("new [A-Z]\\w*(?:Exception|Error)\\(");
    private static final char TEXT = '\0';
    private static final char VALUE = '…';

    private ThrownTexts() {}

    static List<String> of(String source) {
        StringBuilder code = new StringBuilder();
        List<String> texts = new ArrayList<>();
        Matcher token = TOKEN.matcher(source);
        int from = 0;
        while (token.find()) {
            code.append(source, from, token.start());
            from = token.end();
            if (token.group().startsWith("\"")) {
                code.append(TEXT);
                texts.add(unquoted(token.group()));
            } else {
                code.append(' ');
            }
        }
        code.append(source, from, source.length());
        List<String> thrown = new ArrayList<>();
        Matcher made = MADE.matcher(code);
        while (made.find()) {
            long before =
                    code.chars().limit(made.start()).filter(c -> c == TEXT).count();
            thrown.addAll(arguments(code, made.end(), texts.listIterator((int) before)));
        }
        return thrown;
    }

    /** The arguments of a call, with {@link #VALUE} in place of what is known only when it runs. */
    private static List<String> arguments(CharSequence code, int start, Iterator<String> texts) {
        StringBuilder arguments = new StringBuilder();
        int depth = 1;
        for (int i = start; i < code.length() && depth > 0; i++) {
            char c = code.charAt(i);
            if (c == TEXT) {
                arguments.append(texts.next());
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == '?' || c == ':' || (c == ',' && depth == 1)) {
                arguments.append('\n');
            } else if (Character.isLetter(c)
                    && (arguments.isEmpty() || arguments.charAt(arguments.length() - 1) != VALUE)) {
                arguments.append(VALUE);
            }
        }
        return arguments.toString().lines().filter(text -> !text.isBlank()).toList();
    }

    private static String unquoted(String literal) {
        int quotes = literal.startsWith("\"\"\"") ? 3 : 1;
        return literal.substring(quotes, literal.length() - quotes)
                .replace("\\\"", "\"")
                .replace("%n", "\n")
                .replace("\\n", "\n");
    }
}
