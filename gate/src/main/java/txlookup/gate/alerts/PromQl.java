package txlookup.gate.alerts;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import txlookup.gate.model.MetricSource.Histogram;

/** Pieces of Prometheus' query language. */
final class PromQl {
    private PromQl() {}

    /** @param match label to anchored regular expression */
    static String selector(String metric, Map<String, String> match) {
        return match.isEmpty()
                ? metric
                : metric
                        + new TreeMap<>(match)
                                .entrySet().stream()
                                        .map(label -> label.getKey() + "=~\"" + escaped(label.getValue()) + "\"")
                                        .collect(Collectors.joining(",", "{", "}"));
    }

    /** The series that a histogram's objective is about. */
    static Map<String, String> match(Histogram histogram) {
        Map<String, String> match = new TreeMap<>(histogram.match());
        if (histogram.each() != null && !histogram.values().isEmpty()) {
            match.put(histogram.each(), anyOf(histogram.values()));
        }
        return match;
    }

    static Map<String, String> and(Map<String, String> match, String label, String expression) {
        Map<String, String> both = new TreeMap<>(match);
        both.put(label, expression);
        return both;
    }

    static String by(@Nullable String label) {
        return label == null ? "" : " by (" + label + ")";
    }

    /** A bucket's bound as some write it, and as others do. */
    static String bound(BigDecimal limit) {
        String text = limit.stripTrailingZeros().toPlainString();
        return text.contains(".") ? literal(text) : text + "|" + literal(text + ".0");
    }

    /** A bucket's bound as the services write it. */
    static String boundAsExposed(BigDecimal limit) {
        return Double.toString(limit.doubleValue());
    }

    private static String anyOf(List<String> values) {
        return values.stream().map(PromQl::literal).collect(Collectors.joining("|"));
    }

    /** Without backslashes, which some that read these rules would have to escape again. */
    private static String literal(String text) {
        return text.replaceAll("[.{}()+*?|$\\[]", "[$0]");
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    /** A value that an expression made of literals, {@code .} and {@code .*} matches. */
    static String example(String expression) {
        String example = expression.replace(".*", "any").replace('.', '0');
        if (!example.matches(expression)) {
            throw new IllegalArgumentException(
                    "No example of %s can be made for the rules' tests; use literals, . and .* alone"
                            .formatted(expression));
        }
        return example;
    }
}
