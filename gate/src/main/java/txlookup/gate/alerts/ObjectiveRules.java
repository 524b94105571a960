package txlookup.gate.alerts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import txlookup.gate.alerts.RuleGroup.Breach;
import txlookup.gate.model.MetricSource;
import txlookup.gate.model.MetricSource.Counter;
import txlookup.gate.model.MetricSource.Gauge;
import txlookup.gate.model.MetricSource.Histogram;
import txlookup.gate.model.MetricSource.Progress;
import txlookup.gate.model.Objective;
import txlookup.gate.model.Objective.Ratio;
import txlookup.gate.model.Objective.Threshold;

/**
 * The rules of one objective. What only the gate can ask (readings, its own lookups) has none of its own: the rule on the
 * gate's verdicts speaks for it. What is only wished for alerts nobody.
 */
final class ObjectiveRules {
    private static final String BAD =
            "0+60x" + Breach.BAD_MINUTES + " " + 60 * Breach.BAD_MINUTES + "x" + Breach.GOOD_MINUTES;
    private static final String GOOD = "0x" + Breach.BAD_MINUTES + " 60+60x" + Breach.GOOD_MINUTES;
    private static final String ALWAYS = "0+60x" + (Breach.BAD_MINUTES + 1 + Breach.GOOD_MINUTES);
    private static final String NEW_WITHIN = "15m";

    private final Objective objective;
    private final BurnRate burn;

    ObjectiveRules(Objective objective) {
        this.objective = objective;
        this.burn = new BurnRate(objective);
    }

    Optional<RuleGroup> group() {
        if (objective.optional()) {
            return Optional.empty();
        }
        if (objective.indicator() instanceof Ratio ratio) {
            return ratio.bad() instanceof Counter bad && ratio.total() instanceof Counter total
                    ? Optional.of(ratio(bad, total))
                    : Optional.empty();
        }
        Threshold threshold = (Threshold) objective.indicator();
        MetricSource source = threshold.source();
        if (source instanceof Histogram histogram) {
            return Optional.of(histogram(histogram, threshold));
        }
        if (source instanceof Counter counter) {
            return Optional.of(counter(counter, threshold));
        }
        if (source instanceof Gauge gauge) {
            return Optional.of(gauge(gauge, threshold));
        }
        return source instanceof Progress progress ? Optional.of(progress(progress, threshold)) : Optional.empty();
    }

    private RuleGroup group(List<AlertRule> rules, Breach breach) {
        return new RuleGroup("txlookup-" + objective.name(), rules, breach);
    }

    private RuleGroup histogram(Histogram histogram, Threshold threshold) {
        Map<String, String> match = PromQl.match(histogram);
        String good = PromQl.selector(
                histogram.metric() + "_bucket", PromQl.and(match, "le", PromQl.bound(threshold.limit())));
        String all = PromQl.selector(histogram.metric() + "_count", match);
        String by = PromQl.by(histogram.each());
        Map<String, String> labels = new TreeMap<>();
        histogram.match().forEach((label, expression) -> labels.put(label, PromQl.example(expression)));
        if (histogram.each() != null) {
            labels.put(
                    histogram.each(),
                    histogram.values().isEmpty() ? "any" : histogram.values().get(0));
        }
        Map<String, String> bucket = new TreeMap<>(labels);
        bucket.put("le", PromQl.boundAsExposed(threshold.limit()));
        Map<String, String> series = new TreeMap<>();
        series.put(series(histogram.metric() + "_bucket", bucket), GOOD);
        series.put(series(histogram.metric() + "_count", labels), ALWAYS);
        Map<String, String> fired =
                histogram.each() == null ? Map.of() : Map.of(histogram.each(), labels.get(histogram.each()));
        return group(
                burn.rules(window -> "1 - (sum%s (rate(%s[%s])) / sum%s (rate(%s[%s])))"
                        .formatted(by, good, window, by, all, window)),
                new Breach(series, fired));
    }

    private RuleGroup ratio(Counter bad, Counter total) {
        Map<String, String> badLabels = new TreeMap<>();
        bad.match().forEach((label, expression) -> badLabels.put(label, PromQl.example(expression)));
        Map<String, String> goodLabels = new TreeMap<>(badLabels);
        goodLabels.replaceAll((label, value) -> total.match().containsKey(label) ? value : "other");
        Map<String, String> series = new TreeMap<>();
        series.put(series(bad.metric(), badLabels), BAD);
        series.put(series(total.metric(), goodLabels), GOOD);
        String badOnes = PromQl.selector(bad.metric(), bad.match());
        String all = PromQl.selector(total.metric(), total.match());
        // A status that was never answered has no series, which is none and not unknown.
        return group(
                burn.rules(window -> "(sum (rate(%s[%s])) or vector(0)) / sum (rate(%s[%s]))"
                        .formatted(badOnes, window, all, window)),
                new Breach(series, Map.of()));
    }

    private RuleGroup counter(Counter counter, Threshold threshold) {
        Map<String, String> labels = new TreeMap<>();
        counter.match().forEach((label, expression) -> labels.put(label, PromQl.example(expression)));
        AlertRule alert = new AlertRule.Alert(
                BurnRate.alertName(objective, null),
                "sum (increase(%s[%s])) %s %s"
                        .formatted(
                                PromQl.selector(counter.metric(), counter.match()),
                                NEW_WITHIN,
                                threshold.op().opposite(),
                                threshold.limit().toPlainString()),
                "0m",
                BurnRate.labels(objective, "ticket"),
                BurnRate.annotations(objective));
        return group(List.of(alert), new Breach(Map.of(series(counter.metric(), labels), BAD), Map.of()));
    }

    private RuleGroup gauge(Gauge gauge, Threshold threshold) {
        Map<String, String> labels = new TreeMap<>();
        gauge.match().forEach((label, expression) -> labels.put(label, PromQl.example(expression)));
        String limit = threshold.limit().toPlainString();
        double step = threshold.op().wantsSmall() ? 1 : -1;
        String values = "%sx%d %sx%d"
                .formatted(
                        threshold.limit().doubleValue() + step,
                        Breach.BAD_MINUTES,
                        threshold.limit().doubleValue() - step,
                        Breach.GOOD_MINUTES);
        return slices(
                "max (%s %s bool %s)"
                        .formatted(
                                PromQl.selector(gauge.metric(), gauge.match()),
                                threshold.op().opposite(),
                                limit),
                new Breach(Map.of(series(gauge.metric(), labels), values), Map.of()));
    }

    private RuleGroup progress(Progress progress, Threshold threshold) {
        String within = threshold.limit().stripTrailingZeros().toPlainString() + "s";
        Map<String, String> labels = new TreeMap<>(Map.of("topic", "any", "partition", "0"));
        Map<String, String> series = new TreeMap<>();
        series.put(
                series(progress.position(), labels),
                "100x%d 100+10x%d".formatted(Breach.BAD_MINUTES, Breach.GOOD_MINUTES));
        series.put(series(progress.backlog(), labels), "50x" + (Breach.BAD_MINUTES + 1 + Breach.GOOD_MINUTES));
        return slices(
                "max by (topic, partition) ((min_over_time(%s[%s]) > bool 0) * (changes(%s[%s]) == bool 0))"
                        .formatted(progress.backlog(), within, progress.position(), within),
                new Breach(series, labels));
    }

    /** A recorded 0 or 1 an instant, then its mean: the share of instants that were bad. */
    private RuleGroup slices(String bad, Breach breach) {
        String slice = burn.series() + ":bad_slice";
        List<AlertRule> rules = new ArrayList<>();
        rules.add(new AlertRule.Recording(slice, bad));
        rules.addAll(burn.rules(window -> "avg_over_time(%s[%s])".formatted(slice, window)));
        return group(rules, breach);
    }

    static String series(String metric, Map<String, String> labels) {
        StringBuilder series = new StringBuilder(metric).append('{');
        labels.forEach((label, value) -> series.append(series.charAt(series.length() - 1) == '{' ? "" : ",")
                .append(label)
                .append("=\"")
                .append(value)
                .append('"'));
        return series.append('}').toString();
    }
}
