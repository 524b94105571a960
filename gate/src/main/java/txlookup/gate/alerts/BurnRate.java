package txlookup.gate.alerts;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import txlookup.gate.model.Objective;

/**
 * Rules that fire when an error budget is used up too fast, over a long window that makes it matter and a short one that
 * ends the alert soon after the trouble (Google's SRE workbook, multi-window multi-burn-rate).
 */
final class BurnRate {
    private static final List<String> WINDOWS = List.of("5m", "30m", "1h", "2h", "6h", "1d", "3d");

    private record Pair(String longWindow, String shortWindow, BigDecimal factor) {}

    private static final List<Pair> FAST =
            List.of(new Pair("1h", "5m", new BigDecimal("14.4")), new Pair("6h", "30m", new BigDecimal("6")));
    private static final List<Pair> SLOW =
            List.of(new Pair("1d", "2h", new BigDecimal("3")), new Pair("3d", "6h", new BigDecimal("1")));

    private final Objective objective;
    private final String series;

    BurnRate(Objective objective) {
        this.objective = objective;
        this.series = "txlookup:" + objective.name().replace('-', '_');
    }

    String series() {
        return series;
    }

    /** @param ratio a window to the share of what was bad in it */
    List<AlertRule> rules(UnaryOperator<String> ratio) {
        List<AlertRule> rules = new ArrayList<>();
        for (String window : WINDOWS) {
            rules.add(new AlertRule.Recording(recorded(window), ratio.apply(window)));
        }
        rules.add(alert("BurnsFast", "page", FAST));
        rules.add(alert("BurnsSlowly", "ticket", SLOW));
        return rules;
    }

    private String recorded(String window) {
        return series + ":error_ratio_" + window;
    }

    private AlertRule.Alert alert(String how, String severity, List<Pair> pairs) {
        String expression = String.join(
                "\nor\n",
                pairs.stream()
                        .map(pair -> "(%s > %s and %s > %s)"
                                .formatted(
                                        recorded(pair.longWindow()),
                                        borne(pair.factor()),
                                        recorded(pair.shortWindow()),
                                        borne(pair.factor())))
                        .toList());
        return new AlertRule.Alert(
                alertName(objective, how), expression, "0m", labels(objective, severity), annotations(objective));
    }

    private String borne(BigDecimal factor) {
        return BigDecimal.ONE
                .subtract(objective.target())
                .multiply(factor)
                .stripTrailingZeros()
                .toPlainString();
    }

    static String alertName(Objective objective, @Nullable String how) {
        StringBuilder name = new StringBuilder("Txlookup");
        for (String word : objective.name().split("-", -1)) {
            name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        return name.append(how == null ? "" : how).toString();
    }

    static Map<String, String> labels(Objective objective, String severity) {
        return new TreeMap<>(Map.of("objective", objective.name(), "severity", severity));
    }

    static Map<String, String> annotations(Objective objective) {
        return new TreeMap<>(Map.of("summary", objective.title(), "description", objective.description()));
    }
}
