package txlookup.gate.model;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One YAML document as it stands in the file, before it is judged; every member may be missing. */
record SloDocument(
        @Nullable String apiVersion,
        @Nullable String kind,
        @Nullable Metadata metadata,
        @Nullable Spec spec) {

    record Metadata(
            @Nullable String name,
            @Nullable String displayName,
            @Nullable Map<String, String> annotations) {}

    record Spec(
            @Nullable String description,
            @Nullable String service,
            @Nullable Indicator indicator,
            @Nullable List<TimeWindow> timeWindow,
            @Nullable String budgetingMethod,
            @Nullable List<Target> objectives) {}

    record Indicator(@Nullable Named metadata, @Nullable Metrics spec) {}

    record Named(@Nullable String name) {}

    record Metrics(
            @Nullable Metric thresholdMetric, @Nullable Ratio ratioMetric) {}

    record Metric(@Nullable Source metricSource) {}

    record Ratio(
            @Nullable Boolean counter,
            @Nullable Metric bad,
            @Nullable Metric total) {}

    record Source(@Nullable String type, @Nullable SourceSpec spec) {}

    /** What any source may say; which of it one may is its type's business. */
    record SourceSpec(
            @Nullable String process,
            @Nullable String metric,
            @Nullable Map<String, String> match,
            @Nullable String each,
            @Nullable List<String> values,
            @Nullable String position,
            @Nullable String backlog,
            @Nullable String name,
            @Nullable String take,
            @Nullable String measure) {}

    record TimeWindow(@Nullable String duration, @Nullable Boolean isRolling) {}

    record Target(
            @Nullable String displayName,
            @Nullable String op,
            @Nullable BigDecimal value,
            @Nullable BigDecimal target,
            @Nullable BigDecimal timeSliceTarget,
            @Nullable String timeSliceWindow) {}
}
