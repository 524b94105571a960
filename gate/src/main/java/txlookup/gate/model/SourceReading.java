package txlookup.gate.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads one metric source: which members it may have is its type's business. */
final class SourceReading {
    private static final String METRIC = "[a-zA-Z_:][a-zA-Z0-9_:]*";

    private final String place;
    private final SloDocument.Source source;

    /** @param place where it stands, for messages */
    SourceReading(String place, SloDocument.Source source) {
        this.place = place;
        this.source = source;
    }

    MetricSource source() {
        if (source.type() == null || source.spec() == null) {
            throw new SloFileException(place + ": type and spec are both needed");
        }
        SloDocument.SourceSpec spec = source.spec();
        return switch (source.type()) {
            case "Histogram" -> {
                allow(spec, Set.of("process", "metric", "match", "each", "values"));
                yield new MetricSource.Histogram(
                        text(spec.process(), "process"),
                        metric(spec.metric(), "metric"),
                        match(spec),
                        spec.each(),
                        values(spec));
            }
            case "Counter" -> {
                allow(spec, Set.of("process", "metric", "match"));
                yield new MetricSource.Counter(
                        text(spec.process(), "process"), metric(spec.metric(), "metric"), match(spec));
            }
            case "Gauge" -> {
                allow(spec, Set.of("process", "metric", "match"));
                yield new MetricSource.Gauge(
                        text(spec.process(), "process"), metric(spec.metric(), "metric"), match(spec));
            }
            case "Progress" -> {
                allow(spec, Set.of("process", "position", "backlog"));
                yield new MetricSource.Progress(
                        text(spec.process(), "process"),
                        metric(spec.position(), "position"),
                        metric(spec.backlog(), "backlog"));
            }
            case "Reading" -> {
                allow(spec, Set.of("name", "take"));
                yield new MetricSource.Reading(
                        metric(spec.name(), "name"),
                        constant(
                                MetricSource.Take.class,
                                spec.take() == null ? "every" : spec.take(),
                                place + ".spec.take"));
            }
            case "Load" -> {
                allow(spec, Set.of("measure", "each", "values"));
                if (spec.each() != null && spec.values() == null) {
                    throw new SloFileException(place + ".spec.values: missing; name the routes");
                }
                yield new MetricSource.Load(
                        constant(MetricSource.Measure.class, text(spec.measure(), "measure"), place + ".spec.measure"),
                        spec.each(),
                        values(spec));
            }
            default ->
                throw new SloFileException(
                        "%s.type: saw %s, wanted Histogram, Counter, Gauge, Progress, Reading or Load"
                                .formatted(place, source.type()));
        };
    }

    private void allow(SloDocument.SourceSpec spec, Set<String> members) {
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        given.put("process", spec.process());
        given.put("metric", spec.metric());
        given.put("match", spec.match());
        given.put("each", spec.each());
        given.put("values", spec.values());
        given.put("position", spec.position());
        given.put("backlog", spec.backlog());
        given.put("name", spec.name());
        given.put("take", spec.take());
        given.put("measure", spec.measure());
        given.forEach((member, value) -> {
            if (value != null && !members.contains(member)) {
                throw new SloFileException("%s.spec.%s: unknown for a %s; known there: %s"
                        .formatted(
                                place,
                                member,
                                source.type(),
                                members.stream().sorted().toList()));
            }
        });
        if (spec.values() != null && spec.each() == null) {
            throw new SloFileException("%s.spec.values: needs each, the label that has these values".formatted(place));
        }
    }

    private Map<String, String> match(SloDocument.SourceSpec spec) {
        Map<String, String> match = spec.match() == null ? Map.of() : spec.match();
        match.forEach((label, expression) -> {
            try {
                Pattern.compile(expression);
            } catch (PatternSyntaxException e) {
                throw new SloFileException(
                        "%s.spec.match.%s: no regular expression: %s".formatted(place, label, e.getDescription()));
            }
        });
        return match;
    }

    private static List<String> values(SloDocument.SourceSpec spec) {
        return spec.values() == null ? List.of() : new ArrayList<>(spec.values());
    }

    private String metric(@Nullable String name, String member) {
        String given = text(name, member);
        if (!given.matches(METRIC)) {
            throw new SloFileException("%s.spec.%s: saw %s, wanted a metric's name".formatted(place, member, given));
        }
        return given;
    }

    private String text(@Nullable String value, String member) {
        if (value == null || value.isBlank()) {
            throw new SloFileException("%s.spec.%s: missing".formatted(place, member));
        }
        return value;
    }

    static <T extends Enum<T>> T constant(Class<T> type, String text, String place) {
        for (T constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
                return constant;
            }
        }
        throw new SloFileException("%s: saw %s, wanted one of %s"
                .formatted(
                        place,
                        text,
                        Arrays.stream(type.getEnumConstants())
                                .map(known -> known.name().toLowerCase(Locale.ROOT))
                                .toList()));
    }
}
