package txlookup.azure.template;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import txlookup.gate.model.MetricSource;
import txlookup.gate.model.MetricSource.Counter;
import txlookup.gate.model.MetricSource.Histogram;
import txlookup.gate.model.Objective;
import txlookup.gate.model.Objective.Ratio;
import txlookup.gate.model.Objective.Threshold;
import txlookup.gate.model.SloFile;
import txlookup.gate.model.SloFileException;

/**
 * An objective as a rule over the rows of Application Insights, which keeps sums and counts of each minute and no buckets:
 * a percentile there is one of the minutes' means.
 *
 * @param query gives the column {@code v}, the worst value of each five minutes
 * @param threshold above which it is an alert
 */
record ObjectiveAlerts(String query, BigDecimal threshold) {
    private static final Pattern LITERAL = Pattern.compile("[\\w/-]+");
    private static final String BY = "by bin(TimeGenerated, 5m)";
    /** A workspace that no row ever reached has no such table, and the union is taken nevertheless. */
    private static final String ROWS =
            "union isfuzzy=true (datatable(TimeGenerated:datetime, Name:string, Max:real, Sum:real, ItemCount:int, Properties:dynamic)[]), AppMetrics | where TimeGenerated >= datetime(%s) and Name == \"%s\"%s";

    /**
     * The rule of one objective.
     *
     * @param since rows before it are of another generation
     * @throws SloFileException when the file has no such objective, or one that the rows cannot answer
     */
    static ObjectiveAlerts of(SloFile file, String name, String since) {
        Objective objective = file.objective(name);
        if (objective.indicator() instanceof Ratio ratio
                && ratio.bad() instanceof Counter bad
                && ratio.total() instanceof Counter total) {
            return ratio(objective, bad, total, since);
        }
        if (objective.indicator() instanceof Threshold threshold
                && threshold.op().wantsSmall()) {
            MetricSource source = threshold.source();
            if (source instanceof Histogram histogram) {
                return histogram(objective, histogram, threshold, since);
            }
            if (source instanceof Counter counter) {
                return new ObjectiveAlerts(
                        rows(since, counter.metric(), and(counter.match())) + " | summarize v = max(Sum) " + BY,
                        threshold.limit());
            }
        }
        throw new SloFileException(
                "%s: the objective %s is no histogram, counter or share of counters with an upper limit; the alerts in Azure need one"
                        .formatted(file.origin(), name));
    }

    private static ObjectiveAlerts histogram(
            Objective objective, Histogram histogram, Threshold threshold, String since) {
        StringBuilder where = new StringBuilder(and(histogram.match()));
        String by = BY;
        if (histogram.each() != null) {
            by += ", label = " + label(histogram.each());
            if (!histogram.values().isEmpty()) {
                where.append(" and %s in (%s)"
                        .formatted(
                                label(histogram.each()),
                                histogram.values().stream()
                                        .map(ObjectiveAlerts::quoted)
                                        .collect(Collectors.joining(", "))));
            }
        }
        return new ObjectiveAlerts(
                "%s | summarize v = percentile(Sum / ItemCount, %s) %s"
                        .formatted(
                                rows(since, histogram.metric(), where.toString()),
                                objective
                                        .target()
                                        .movePointRight(2)
                                        .stripTrailingZeros()
                                        .toPlainString(),
                                by),
                threshold.limit());
    }

    private static ObjectiveAlerts ratio(Objective objective, Counter bad, Counter total, String since) {
        Map<String, String> only = new TreeMap<>(bad.match());
        only.entrySet().removeAll(total.match().entrySet());
        String badOnes = only.entrySet().stream()
                .map(each -> holds(each.getKey(), each.getValue()))
                .collect(Collectors.joining(" and "));
        return new ObjectiveAlerts(
                "%s | summarize v = todouble(sumif(ItemCount, %s)) / sum(ItemCount) %s"
                        .formatted(
                                rows(since, total.metric().replaceAll("_count$", ""), and(total.match())), badOnes, BY),
                BigDecimal.ONE.subtract(objective.target()));
    }

    private static String rows(String since, String metric, String where) {
        return ROWS.formatted(since, metric, where);
    }

    private static String and(Map<String, String> match) {
        return new TreeMap<>(match)
                .entrySet().stream()
                        .map(each -> " and " + holds(each.getKey(), each.getValue()))
                        .collect(Collectors.joining());
    }

    /** An objective's expressions are anchored. */
    private static String holds(String label, String expression) {
        return LITERAL.matcher(expression).matches()
                ? label(label) + " == " + quoted(expression)
                : label(label) + " matches regex " + quoted("^(?:" + expression + ")$");
    }

    private static String label(String name) {
        return "tostring(Properties.%s)".formatted(name);
    }

    /** As a verbatim text, in which a backslash is one. */
    private static String quoted(String text) {
        return LITERAL.matcher(text).matches() ? "\"" + text + "\"" : "@\"" + text.replace("\"", "\"\"") + "\"";
    }
}
