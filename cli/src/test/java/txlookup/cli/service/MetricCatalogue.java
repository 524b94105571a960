package txlookup.cli.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import txlookup.apply.metrics.MetricsText;

/** The metrics of services as rows of the catalogue (docs/metrics.md), from what they expose. */
public final class MetricCatalogue {
    private static final Pattern ABOUT = Pattern.compile("# (HELP|TYPE) (\\S+) (.*)");
    private static final Pattern OURS = Pattern.compile("(txlookup|hikaricp)_.*");
    private static final Pattern FAMILY = Pattern.compile("([a-z]+)_.*");
    private static final List<String> SUFFIXES = List.of("", "_bucket", "_count", "_sum");

    private final TreeMap<String, String> rows = new TreeMap<>();
    private final TreeSet<String> families = new TreeSet<>();

    /** Adds what one service exposes. */
    public MetricCatalogue add(String service, String exposed) {
        Map<String, String> types = new TreeMap<>();
        Map<String, String> meanings = new TreeMap<>();
        exposed.lines().map(ABOUT::matcher).filter(Matcher::matches).forEach(about -> {
            Map<String, String> of = about.group(1).equals("TYPE") ? types : meanings;
            of.put(about.group(2), about.group(3));
        });
        Map<String, Set<String>> labels = labels(exposed);
        types.forEach((name, type) -> {
            if (OURS.matcher(name).matches()) {
                rows.put(
                        name + " " + service,
                        "| `%s` | %s | %s | %s | %s | %s |"
                                .formatted(
                                        name,
                                        type,
                                        unit(name, type),
                                        labelsOf(name, labels),
                                        service,
                                        meanings.getOrDefault(name, "").replaceAll("\\.$", "")));
            } else {
                families.add(FAMILY.matcher(name).replaceAll("$1"));
            }
        });
        return this;
    }

    private static Map<String, Set<String>> labels(String exposed) {
        Map<String, Set<String>> labels = new TreeMap<>();
        for (MetricsText.Sample sample : MetricsText.parse(exposed)) {
            Set<String> of = labels.computeIfAbsent(sample.name(), unused -> new TreeSet<>());
            of.addAll(sample.labels().keySet());
            of.remove("le");
        }
        return labels;
    }

    private static String labelsOf(String name, Map<String, Set<String>> labels) {
        return SUFFIXES.stream()
                .flatMap(suffix -> labels.getOrDefault(name + suffix, Set.of()).stream())
                .filter(label -> !label.equals(name))
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static String unit(String name, String type) {
        if (name.contains("_seconds")) {
            return "seconds";
        }
        return name.endsWith("_position") ? "offset" : type.equals("stateset") ? "0 or 1" : "number";
    }

    public List<String> rows() {
        return new ArrayList<>(rows.values());
    }

    /** First words of what the platform's own metrics are called, such as {@code jvm}. */
    public Set<String> families() {
        return families;
    }
}
