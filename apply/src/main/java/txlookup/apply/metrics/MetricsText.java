package txlookup.apply.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prometheus' text format, as a service's {@code /metrics} gives it. */
public final class MetricsText {
    private static final Pattern LINE =
            Pattern.compile("^([a-zA-Z_:][\\w:]*)(?:\\{(.*)\\})?\\s+(\\S+)(?:\\s+-?\\d+)?\\s*$");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

    private MetricsText() {}

    /** One series' value. */
    public record Sample(String name, SortedMap<String, String> labels, double value) {}

    /**
     * Every sample of a text.
     *
     * @throws IllegalArgumentException on a line that is none
     */
    public static List<Sample> parse(String text) {
        List<Sample> samples = new ArrayList<>();
        text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> samples.add(sample(line)));
        return samples;
    }

    private static Sample sample(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no line of Prometheus' text format: " + shortened(line));
        }
        return new Sample(
                matcher.group(1),
                matcher.group(2) == null ? new TreeMap<>() : labels(matcher.group(2)),
                number(matcher.group(3)));
    }

    private static SortedMap<String, String> labels(String text) {
        SortedMap<String, String> labels = new TreeMap<>();
        Matcher label = LABEL.matcher(text);
        while (label.find()) {
            labels.put(label.group(1), unescaped(label.group(2)));
        }
        return labels;
    }

    private static String unescaped(String value) {
        return value.indexOf('\\') < 0
                ? value
                : value.replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\");
    }

    public static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private static String shortened(String line) {
        return line.length() <= 80 ? line : line.substring(0, 80) + "...";
    }
}
