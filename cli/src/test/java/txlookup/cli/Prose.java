package txlookup.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rule of CONTRIBUTING, Prose: at most 30 words in a sentence, and none of the words that mark a knotted one. */
final class Prose {
    private static final int MOST_WORDS = 30;
    private static final Pattern CODE = Pattern.compile("``.+?``|`[^`]+`");
    private static final Pattern LINK = Pattern.compile("!?\\[([^\\]]*)]\\([^)]*\\)");
    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?])[\"”)’*_]*\\s+");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern LETTER_OR_DIGIT = Pattern.compile("[\\p{L}\\p{N}]");
    private static final Pattern KNOTTED = Pattern.compile(
            "\\b(?:anew|dearest|whoever|gone on with|goes on with|is to be had|in vain|save for|of late"
                    + "|of its own accord|comes to be|one that|that which)\\b",
            Pattern.CASE_INSENSITIVE);
    /** Microseconds are µs. */
    private static final Pattern MICROSECONDS = Pattern.compile("(?<![\\w./-])us\\b");

    private Prose() {}

    /** A text without its code and the addresses of its links. */
    static String plain(String markdown) {
        return LINK.matcher(CODE.matcher(markdown).replaceAll("CODE")).replaceAll("$1");
    }

    /** What is wrong with a text, each with where it stands. */
    static List<String> problems(String where, String text) {
        List<String> problems = new ArrayList<>();
        for (String sentence : SENTENCE_END.split(plain(text))) {
            long words = SPACE.splitAsStream(sentence)
                    .filter(word -> LETTER_OR_DIGIT.matcher(word).find())
                    .count();
            if (words > MOST_WORDS) {
                problems.add("%s: %d words: %s".formatted(where, words, sentence));
            }
            for (Pattern pattern : List.of(KNOTTED, MICROSECONDS)) {
                Matcher found = pattern.matcher(sentence);
                while (found.find()) {
                    problems.add("%s: \"%s\": %s".formatted(where, found.group(), sentence));
                }
            }
        }
        return problems;
    }
}
