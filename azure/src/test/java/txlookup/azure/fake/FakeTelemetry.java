package txlookup.azure.fake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What Application Insights takes in. A row is seen some requests after it came, as Azure's come minutes late, and a table
 * is there from its first row on. What is sent with the key of a component that is gone is refused. Beside it, what Azure
 * measures of resources itself.
 */
final class FakeTelemetry {
    static final String PATH = "/v2.1/track";
    /** Behind a resource's id, in lower case. */
    static final String METRICS = "/providers/microsoft.insights/metrics";

    private static final Pattern MINUTES = Pattern.compile(
            "(?=.*interval=PT1M)(?=.*aggregation=Total)(?=.*timespan=[^&/]+/[^&]+).*metricnames=([^&]+).*");
    private static final int WINDOW = 8;

    private final FakeState state;
    private final int late;
    private final List<Row> rows = new ArrayList<>();
    private long requests;

    /** A metric, as the table AppMetrics has it. */
    record Row(long came, String name, double max, double sum, long count, Map<String, String> properties) {}

    /** @param late by how many requests rows are seen later */
    FakeTelemetry(FakeState state, int late) {
        this.state = state;
        this.late = late;
    }

    /** The key of a component, another one for each that is made. */
    static String newKey() {
        return UUID.randomUUID().toString();
    }

    void tick() {
        requests++;
    }

    /** Whether the table of metrics is there. */
    boolean hasMetrics() {
        return rows.stream().anyMatch(row -> row.came() + late <= requests);
    }

    /** What a rule looks at now. */
    List<Row> inWindow() {
        return rows.stream()
                .filter(row -> row.came() + late <= requests && requests < row.came() + late + WINDOW)
                .toList();
    }

    /** Every row that is seen, however old. */
    List<Row> seen() {
        return rows.stream().filter(row -> row.came() + late <= requests).toList();
    }

    /** Takes lines of JSON, as the exporter sends them. */
    FakeAnswer take(byte[] sent, boolean zipped) throws IOException {
        InputStream plain = new ByteArrayInputStream(sent);
        String text = new String((zipped ? new GZIPInputStream(plain) : plain).readAllBytes(), StandardCharsets.UTF_8);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode errors = answer.putArray("errors");
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        for (int i = 0; i < lines.size(); i++) {
            JsonNode item = JsonMapper.shared().readTree(lines.get(i));
            if (isOurs(item.path("iKey").asString(""))) {
                keep(item.path("data"));
            } else {
                errors.addObject().put("index", i).put("statusCode", 400).put("message", "Invalid instrumentation key");
            }
        }
        answer.put("itemsReceived", lines.size()).put("itemsAccepted", lines.size() - errors.size());
        return FakeAnswer.of(errors.isEmpty() ? 200 : errors.size() == lines.size() ? 400 : 206, answer);
    }

    private boolean isOurs(String key) {
        return state.resources.values().stream().anyMatch(one -> one.path("properties")
                .path("InstrumentationKey")
                .asString("")
                .equals(key));
    }

    private void keep(JsonNode data) {
        if (!data.path("baseType").asString("").equals("MetricData")) {
            return;
        }
        Map<String, String> properties = new LinkedHashMap<>();
        data.path("baseData")
                .path("properties")
                .properties()
                .forEach(property ->
                        properties.put(property.getKey(), property.getValue().asString("")));
        data.path("baseData")
                .path("metrics")
                .forEach(metric -> rows.add(new Row(
                        requests,
                        metric.path("name").asString(""),
                        metric.path("max").asDouble(metric.path("value").asDouble(0)),
                        metric.path("value").asDouble(0),
                        metric.path("count").asLong(1),
                        properties)));
    }

    /** A resource's metrics by the minute: a quiet one, the busiest, and one that is not summed up yet. */
    FakeAnswer metrics(String path, String query) {
        String resource = path.substring(0, path.length() - METRICS.length());
        if (state.find(resource) == null) {
            return FakeAnswer.notFound(resource);
        }
        Matcher wanted = MINUTES.matcher(query);
        if (!wanted.matches()) {
            return FakeAnswer.error(400, "BadRequest", "The fake sums up by the minute only: " + query);
        }
        Map<String, Double> busiest = state.metrics.getOrDefault(FakeState.key(resource), Map.of());
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("interval", "PT1M");
        ArrayNode value = answer.putArray("value");
        for (String name : List.of(wanted.group(1).split(","))) {
            ObjectNode metric = value.addObject();
            metric.putObject("name").put("value", name);
            ArrayNode series = metric.putArray("timeseries");
            if (busiest.containsKey(name)) {
                ArrayNode data = series.addObject().putArray("data");
                data.addObject().put("timeStamp", "2026-11-21T08:58:00Z").put("total", busiest.get(name) / 2);
                data.addObject().put("timeStamp", "2026-11-21T08:59:00Z").put("total", busiest.get(name));
                data.addObject().put("timeStamp", "2026-11-21T09:00:00Z");
            }
        }
        return FakeAnswer.of(200, answer);
    }
}
