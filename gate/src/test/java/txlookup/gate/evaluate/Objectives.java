package txlookup.gate.evaluate;

import txlookup.gate.model.SloFile;

/** Files of one objective. */
public final class Objectives {
    private Objectives() {}

    /**
     * One objective's file.
     *
     * @param annotations YAML flow members, such as {@code txlookup/minimum-sample: "10"}
     * @param source YAML flow members of the source's spec
     */
    static SloFile threshold(String annotations, String type, String source, String method, String target) {
        return SloFile.parse(
                "test.yaml", document("threshold", annotations, """
                      thresholdMetric:
                        metricSource: {type: %s, spec: {%s}}""".formatted(type, source), method, target));
    }

    static SloFile errors(String annotations, String target) {
        return SloFile.parse("test.yaml", document("errors", annotations, """
                      ratioMetric:
                        counter: true
                        bad: {metricSource: {type: Counter, spec: {process: api, metric: requests_total, match: {status: "5.."}}}}
                        total: {metricSource: {type: Counter, spec: {process: api, metric: requests_total}}}""", "Occurrences", "target: " + target));
    }

    public static String document(String name, String annotations, String metric, String method, String target) {
        String slices = method.equals("Timeslices") ? ", timeSliceTarget: 1, timeSliceWindow: 1s" : "";
        return """
                apiVersion: openslo/v1
                kind: SLO
                metadata:
                  name: %s
                  annotations: {%s}
                spec:
                  service: txlookup
                  indicator:
                    metadata: {name: %s}
                    spec:
                %s
                  timeWindow: [{duration: 28d, isRolling: true}]
                  budgetingMethod: %s
                  objectives: [{%s%s}]
                """.formatted(
                name, annotations, name, metric.stripIndent().indent(6).stripTrailing(), method, target, slices);
    }
}
