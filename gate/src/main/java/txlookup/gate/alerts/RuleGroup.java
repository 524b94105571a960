package txlookup.gate.alerts;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The rules of one objective, with the series that break and then mend it.
 *
 * @param breach what a test lets Prometheus see
 */
record RuleGroup(String name, List<AlertRule> rules, Breach breach) {
    RuleGroup {
        rules = List.copyOf(rules);
    }

    Stream<AlertRule.Alert> alerts() {
        return rules.stream().filter(AlertRule.Alert.class::isInstance).map(AlertRule.Alert.class::cast);
    }

    Stream<AlertRule.Recording> recordings() {
        return rules.stream().filter(AlertRule.Recording.class::isInstance).map(AlertRule.Recording.class::cast);
    }

    /**
     * Series of one value a minute: all is bad for half an hour, then all is good for long enough that every window is over.
     *
     * @param series a series to its values in promtool's notation
     * @param labels of the alerts that it fires
     */
    record Breach(Map<String, String> series, Map<String, String> labels) {
        static final int BAD_MINUTES = 30;
        static final int GOOD_MINUTES = 430;
    }
}
