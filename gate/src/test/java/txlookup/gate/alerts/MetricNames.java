package txlookup.gate.alerts;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The metrics that generated files speak of. */
public final class MetricNames {
    private static final Pattern METRIC = Pattern.compile("(?<![\\w:])txlookup_[a-z_]+");

    private MetricNames() {}

    /** Every name in any of the files. */
    public static Set<String> in(GeneratedAlerts alerts) {
        Set<String> names = new TreeSet<>();
        alerts.files()
                .values()
                .forEach(text -> METRIC.matcher(text).results().forEach(found -> names.add(found.group())));
        return names;
    }
}
