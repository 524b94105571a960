package txlookup.azure.fake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The rules that watch a workspace: which are taken, and when each fires and clears by its own query. */
final class FakeAlerts {
    private static final Pattern FUZZY =
            Pattern.compile("union isfuzzy=true \\(datatable\\([^)]*\\)\\[]\\), AppMetrics");
    private static final Pattern NAMED = Pattern.compile("Name (?:==|in) \\(?\"(\\w+)\"");
    private static final Pattern PROPERTY = Pattern.compile("tostring\\(Properties\\.(\\w+)\\) == \"([\\w-]+)\"");
    private static final Pattern BEGINS =
            Pattern.compile("and tostring\\(Properties\\.(\\w+)\\) startswith \"([^\"]+)\"");
    private static final Pattern SHARE = Pattern.compile(
            "sumif\\(ItemCount, tostring\\(Properties\\.(\\w+)\\) startswith \"(\\w+)\"\\)\\) / sum\\(ItemCount\\)");
    private static final Pattern BESIDE = Pattern.compile("Name startswith \"(\\w+)\"");

    private final FakeState state;
    private final FakeTelemetry telemetry;
    private final Map<String, List<ObjectNode>> alerts = new LinkedHashMap<>();

    FakeAlerts(FakeState state, FakeTelemetry telemetry) {
        this.state = state;
        this.telemetry = telemetry;
    }

    /**
     * A workspace that no row ever reached has no table: a rule over it is refused, as learntocloud/learn-to-cloud-app#586
     * shows. A union with a table that is there is taken.
     *
     * @throws FakeProviders.Refused when the query asks for nothing that is there
     */
    void requireTables(JsonNode rule) {
        for (JsonNode criterion : rule.path("properties").path("criteria").path("allOf")) {
            String query = criterion.path("query").asString("");
            if (FUZZY.matcher(query).replaceAll("").contains("AppMetrics") && !telemetry.hasMetrics()) {
                throw new FakeProviders.Refused(
                        "BadRequest",
                        "The query failed validation: Failed to resolve table or column expression named 'AppMetrics'");
            }
        }
    }

    /** Every alert that ever fired; asking for them lets time pass. */
    FakeAnswer list() {
        state.resources.values().stream()
                .filter(one -> FakeState.key(one.path("id").asString("")).contains("/scheduledqueryrules/"))
                .forEach(this::evaluate);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode value = body.putArray("value");
        alerts.values().forEach(value::addAll);
        return FakeAnswer.of(200, body);
    }

    private void evaluate(ObjectNode rule) {
        String id = rule.path("id").asString("");
        List<ObjectNode> fired = alerts.computeIfAbsent(FakeState.key(id), key -> new ArrayList<>());
        boolean open = !fired.isEmpty()
                && essentials(fired.get(fired.size() - 1))
                        .path("monitorCondition")
                        .asString("")
                        .equals("Fired");
        boolean breached = isBreached(rule);
        if (breached && !open) {
            ObjectNode alert = JsonNodeFactory.instance.objectNode();
            alert.put("id", "/providers/Microsoft.AlertsManagement/alerts/" + UUID.randomUUID());
            alert.putObject("properties")
                    .putObject("essentials")
                    .put("alertRule", id)
                    .put("monitorCondition", "Fired")
                    .put("startDateTime", Instant.now().toString());
            fired.add(alert);
        } else if (!breached && open) {
            essentials(fired.get(fired.size() - 1)).put("monitorCondition", "Resolved");
        }
    }

    private static ObjectNode essentials(ObjectNode alert) {
        return (ObjectNode) alert.path("properties").path("essentials");
    }

    private boolean isBreached(ObjectNode rule) {
        JsonNode criterion =
                rule.path("properties").path("criteria").path("allOf").path(0);
        String query = criterion.path("query").asString("");
        Matcher beside = BESIDE.matcher(query);
        Matcher named = NAMED.matcher(query);
        String name = named.find() ? named.group(1) : "";
        if (beside.find()
                && telemetry.seen().stream()
                        .noneMatch(row -> row.name().startsWith(beside.group(1))
                                && !row.name().equals(name))) {
            return false;
        }
        Matcher property = PROPERTY.matcher(query);
        boolean narrowed = property.find();
        double threshold = criterion.path("threshold").asDouble(0);
        List<FakeTelemetry.Row> rows = telemetry.inWindow().stream()
                .filter(row -> row.name().equals(name))
                .filter(row ->
                        !narrowed || property.group(2).equals(row.properties().get(property.group(1))))
                .toList();
        Matcher begins = BEGINS.matcher(query);
        if (begins.find()) {
            String label = begins.group(1);
            String start = begins.group(2);
            rows = rows.stream()
                    .filter(row -> row.properties().getOrDefault(label, "").startsWith(start))
                    .toList();
        }
        Matcher share = SHARE.matcher(query);
        if (share.find()) {
            return share(rows, share.group(1), share.group(2)) > threshold;
        }
        return query.contains("percentile(Sum / ItemCount, 95)")
                ? percentile95(rows) > threshold
                : rows.stream().anyMatch(row -> row.max() > threshold);
    }

    private static double share(List<FakeTelemetry.Row> rows, String label, String start) {
        long all = rows.stream().mapToLong(FakeTelemetry.Row::count).sum();
        long counted = rows.stream()
                .filter(row -> row.properties().getOrDefault(label, "").startsWith(start))
                .mapToLong(FakeTelemetry.Row::count)
                .sum();
        return all == 0 ? 0 : (double) counted / all;
    }

    /** Of the rows' means, by the nearest rank. */
    private static double percentile95(List<FakeTelemetry.Row> rows) {
        double[] means = rows.stream()
                .mapToDouble(row -> row.sum() / row.count())
                .sorted()
                .toArray();
        return means.length == 0 ? 0 : means[(int) Math.ceil(0.95 * means.length) - 1];
    }
}
