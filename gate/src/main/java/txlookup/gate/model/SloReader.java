package txlookup.gate.model;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;
import txlookup.gate.model.Objective.Op;

/** Reads a file of objectives, refusing whatever it does not know. */
final class SloReader {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final String OURS = "txlookup/";
    private static final Set<String> ANNOTATIONS =
            Set.of("group", "minimum-sample", "on-no-data", "no-data-reason", "optional", "proof");

    private final String origin;

    SloReader(String origin) {
        this.origin = origin;
    }

    List<Objective> read(String text) {
        List<Objective> objectives = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (SloDocument document : documents(text)) {
            Objective objective = new Reading(document).objective();
            if (!names.add(objective.name())) {
                throw new SloFileException("%s: metadata.name: there are two objectives named %s; rename one"
                        .formatted(origin, objective.name()));
            }
            objectives.add(objective);
        }
        if (objectives.isEmpty()) {
            throw new SloFileException("%s: no objective in it; write at least one SLO".formatted(origin));
        }
        return objectives;
    }

    private List<SloDocument> documents(String text) {
        try (MappingIterator<SloDocument> documents =
                YAML.readerFor(SloDocument.class).readValues(text)) {
            return documents.readAll().stream().filter(Objects::nonNull).toList();
        } catch (UnrecognizedPropertyException e) {
            throw new SloFileException("%s line %d: %s: unknown; known there: %s"
                    .formatted(
                            origin,
                            line(text, e),
                            path(e),
                            e.getKnownPropertyIds().stream()
                                    .map(Object::toString)
                                    .sorted()
                                    .collect(Collectors.joining(", "))));
        } catch (DatabindException e) {
            throw new SloFileException(
                    "%s line %d: %s: %s".formatted(origin, line(e), path(e), e.getOriginalMessage()));
        } catch (JacksonException e) {
            throw new SloFileException("%s line %d: not YAML: %s".formatted(origin, line(e), e.getOriginalMessage()));
        }
    }

    /** A record is made, and refused, at its end; the member that it does not know is further up. */
    private static int line(String text, UnrecognizedPropertyException e) {
        String wanted = "/" + path(e).replace(".[", "/").replace("]", "").replace('.', '/');
        try (JsonParser parser = YAML.createParser(text)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.PROPERTY_NAME
                        && wanted.equals(
                                parser.streamReadContext().pathAsPointer().toString())) {
                    return parser.currentTokenLocation().getLineNr();
                }
            }
        }
        return line(e);
    }

    private static int line(JacksonException e) {
        return e.getLocation() == null ? 0 : e.getLocation().getLineNr();
    }

    private static String path(JacksonException e) {
        return e.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName())
                .collect(Collectors.joining("."));
    }

    /** Judges one document. */
    private final class Reading {
        private final SloDocument document;
        private final String name;

        Reading(SloDocument document) {
            this.document = document;
            this.name = document.metadata() == null || document.metadata().name() == null
                    ? "an objective"
                    : document.metadata().name();
        }

        Objective objective() {
            requireEqual("openslo/v1", document.apiVersion(), "apiVersion");
            requireEqual("SLO", document.kind(), "kind");
            SloDocument.Metadata metadata = require(document.metadata(), "metadata");
            String id = require(metadata.name(), "metadata.name");
            require(id.matches("[a-z][a-z0-9-]{0,62}"), "metadata.name", id, "lower case letters, digits and hyphens");
            SloDocument.Spec spec = require(document.spec(), "spec");
            require(spec.service(), "spec.service");
            require(spec.timeWindow(), "spec.timeWindow");
            List<SloDocument.Target> targets = require(spec.objectives(), "spec.objectives");
            require(targets.size() == 1, "spec.objectives", targets.size() + " objectives", "exactly one");
            SloDocument.Target target = targets.get(0);
            Map<String, String> annotations = metadata.annotations() == null ? Map.of() : metadata.annotations();
            refuseUnknown(annotations);
            BigDecimal share = require(target.target(), "spec.objectives[0].target");
            require(
                    share.signum() > 0 && share.compareTo(BigDecimal.ONE) <= 0,
                    "spec.objectives[0].target",
                    share,
                    "a share above 0 and at most 1");
            return new Objective(
                    id,
                    metadata.displayName() == null ? id : metadata.displayName(),
                    annotations.getOrDefault(OURS + "group", "objectives"),
                    spec.description() == null ? "" : spec.description(),
                    indicator(spec, target),
                    share,
                    minimumSample(annotations.getOrDefault(OURS + "minimum-sample", "1")),
                    noDataReason(annotations),
                    flag(annotations, "optional"),
                    flag(annotations, "proof"));
        }

        private Objective.Indicator indicator(SloDocument.Spec spec, SloDocument.Target target) {
            boolean timeslices = "Timeslices".equals(spec.budgetingMethod());
            require(
                    timeslices || "Occurrences".equals(spec.budgetingMethod()),
                    "spec.budgetingMethod",
                    spec.budgetingMethod(),
                    "Occurrences or Timeslices");
            if (timeslices) {
                BigDecimal whole = require(target.timeSliceTarget(), "spec.objectives[0].timeSliceTarget");
                require(whole.compareTo(BigDecimal.ONE) == 0, "spec.objectives[0].timeSliceTarget", whole, "1");
                require(target.timeSliceWindow(), "spec.objectives[0].timeSliceWindow");
            }
            SloDocument.Indicator indicator = require(spec.indicator(), "spec.indicator");
            SloDocument.Metrics metrics = require(indicator.spec(), "spec.indicator.spec");
            require(
                    (metrics.thresholdMetric() == null) != (metrics.ratioMetric() == null),
                    "spec.indicator.spec",
                    "both or none",
                    "either thresholdMetric or ratioMetric");
            if (metrics.ratioMetric() != null) {
                require(!timeslices, "spec.budgetingMethod", "Timeslices", "Occurrences with a ratioMetric");
                require(
                        target.op() == null && target.value() == null,
                        "spec.objectives[0]",
                        "op or value",
                        "neither with a ratioMetric");
                return new Objective.Ratio(
                        counted(metrics.ratioMetric().bad(), "bad"),
                        counted(metrics.ratioMetric().total(), "total"));
            }
            String path = "spec.indicator.spec.thresholdMetric.metricSource";
            MetricSource source = source(metrics.thresholdMetric(), path);
            require(
                    timeslices || !(source instanceof MetricSource.Gauge || source instanceof MetricSource.Progress),
                    "spec.budgetingMethod",
                    "Occurrences",
                    "Timeslices with a Gauge or Progress");
            require(
                    !timeslices
                            || source instanceof MetricSource.Gauge
                            || source instanceof MetricSource.Progress
                            || source instanceof MetricSource.Reading,
                    "spec.budgetingMethod",
                    "Timeslices",
                    "Occurrences with a Histogram, Counter or Load");
            return new Objective.Threshold(
                    source,
                    constant(Op.class, require(target.op(), "spec.objectives[0].op"), "spec.objectives[0].op"),
                    require(target.value(), "spec.objectives[0].value"),
                    timeslices);
        }

        private MetricSource counted(SloDocument.@Nullable Metric metric, String which) {
            String path = "spec.indicator.spec.ratioMetric." + which + ".metricSource";
            MetricSource source = source(metric, path);
            boolean counts = source instanceof MetricSource.Counter
                    || (source instanceof MetricSource.Load load && load.measure() != MetricSource.Measure.LATENCY);
            require(counts, path + ".type", "no count", "Counter, or Load of failed or all");
            return source;
        }

        private MetricSource source(SloDocument.@Nullable Metric metric, String path) {
            SloDocument.Source source = require(require(metric, path).metricSource(), path);
            return new SourceReading(origin + ": " + name + ": " + path, source).source();
        }

        private void refuseUnknown(Map<String, String> annotations) {
            for (String key : annotations.keySet()) {
                boolean known = !key.startsWith(OURS) || ANNOTATIONS.contains(key.substring(OURS.length()));
                require(
                        known,
                        "metadata.annotations." + key,
                        "an unknown annotation",
                        "one of " + ANNOTATIONS.stream().sorted().toList());
            }
        }

        private @Nullable String noDataReason(Map<String, String> annotations) {
            String disposition = annotations.getOrDefault(OURS + "on-no-data", "fail");
            String reason = annotations.get(OURS + "no-data-reason");
            String path = "metadata.annotations." + OURS + "on-no-data";
            require(disposition.equals("fail") || disposition.equals("warn"), path, disposition, "fail or warn");
            require(
                    disposition.equals("fail") == (reason == null),
                    path,
                    disposition,
                    "warn with a no-data-reason, fail without");
            return reason;
        }

        private long minimumSample(String text) {
            require(
                    text.matches("[1-9]\\d{0,8}"),
                    "metadata.annotations." + OURS + "minimum-sample",
                    text,
                    "a number from 1 on");
            return Long.parseLong(text);
        }

        private boolean flag(Map<String, String> annotations, String key) {
            String text = annotations.getOrDefault(OURS + key, "false");
            require(
                    text.equals("true") || text.equals("false"),
                    "metadata.annotations." + OURS + key,
                    text,
                    "true or false");
            return Boolean.parseBoolean(text);
        }

        private <T extends Enum<T>> T constant(Class<T> type, String text, String path) {
            return SourceReading.constant(type, text, origin + ": " + name + ": " + path);
        }

        private void requireEqual(String wanted, @Nullable String seen, String path) {
            require(wanted.equals(seen), path, seen, wanted);
        }

        private <T> T require(@Nullable T value, String path) {
            if (value == null) {
                throw new SloFileException("%s: %s: %s: missing".formatted(origin, name, path));
            }
            return value;
        }

        private void require(boolean holds, String path, @Nullable Object seen, String wanted) {
            if (!holds) {
                throw new SloFileException("%s: %s: %s: saw %s, wanted %s".formatted(origin, name, path, seen, wanted));
            }
        }
    }
}
