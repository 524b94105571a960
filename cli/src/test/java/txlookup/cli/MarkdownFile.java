package txlookup.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Markdown file's texts, headings and links, without its blocks of code. */
record MarkdownFile(Path path, List<String> lines) {
    private static final String FENCE = "```";
    private static final Pattern RULE = Pattern.compile("[|:\\- ]+");
    private static final Pattern ITEM = Pattern.compile("(?:[-*]|\\d+\\.)\\s+(.*)");
    private static final Pattern CODE = Pattern.compile("``.+?``|`[^`]+`");
    private static final Pattern TARGET = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern ADDRESS = Pattern.compile("[a-z]+:.*");
    private static final Pattern NOT_IN_AN_ANCHOR = Pattern.compile("[^\\p{L}\\p{N}_\\- ]");

    static MarkdownFile read(Path path) throws IOException {
        List<String> prose = new ArrayList<>();
        boolean code = false;
        for (String line : Files.readAllLines(path)) {
            boolean fence = line.strip().startsWith(FENCE);
            prose.add(code || fence ? "" : line.strip());
            code ^= fence;
        }
        return new MarkdownFile(path, List.copyOf(prose));
    }

    /** Every paragraph, list item, heading and table cell. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        StringBuilder paragraph = new StringBuilder();
        for (String line : lines) {
            Matcher item = ITEM.matcher(line);
            boolean isItem = item.matches();
            if (isItem || line.isEmpty() || line.startsWith("|") || line.startsWith("#")) {
                texts.add(paragraph.toString());
                paragraph.setLength(0);
            }
            if (line.startsWith("|")) {
                texts.addAll(cells(line));
            } else if (line.startsWith("#")) {
                texts.add(line);
            } else {
                paragraph.append(isItem ? item.group(1) : line).append(' ');
            }
        }
        texts.add(paragraph.toString());
        return texts.stream().filter(text -> !text.isBlank()).toList();
    }

    /** A table row's cells; none of the rule below its head. */
    private static List<String> cells(String row) {
        if (RULE.matcher(row).matches()) {
            return List.of();
        }
        String plain = CODE.matcher(row).replaceAll("CODE").replace("\\|", "/");
        return List.of(plain.split("\\|"));
    }

    /** The rows of the table below a heading, without its head. */
    List<String> table(String heading) {
        return lines.stream()
                .skip(lines.indexOf(heading) + 1L)
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .toList();
    }

    /** The links that do not lead to a file or heading of this repository. */
    List<String> deadLinks() throws IOException {
        List<String> dead = new ArrayList<>();
        for (String line : lines) {
            for (String link : links(line)) {
                if (!ADDRESS.matcher(link).matches() && !leadsSomewhere(link)) {
                    dead.add(path + ": " + link);
                }
            }
        }
        return dead;
    }

    static List<String> links(String line) {
        return TARGET.matcher(line).results().map(link -> link.group(1)).toList();
    }

    private boolean leadsSomewhere(String link) throws IOException {
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? path : path.resolveSibling(file).normalize();
        return Files.exists(target) && (hash < 0 || read(target).anchors().contains(link.substring(hash + 1)));
    }

    /** The headings as links name them. */
    private List<String> anchors() {
        return lines.stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ *", "").toLowerCase(Locale.ROOT))
                .map(line -> NOT_IN_AN_ANCHOR.matcher(line).replaceAll("").replace(' ', '-'))
                .toList();
    }
}
