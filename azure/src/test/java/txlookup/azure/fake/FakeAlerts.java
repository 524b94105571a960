package txlookup.azure.fake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
    private static final Pattern ONE_OF = Pattern.compile("and tostring\\(Properties\\.(\\w+)\\) in \\(([^)]+)\\)");
    private static final Pattern MATCHES =
            Pattern.compile("and tostring\\(Properties\\.(\\w+)\\) matches regex @\"([^\"]+)\"");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");
    private static final Pattern SHARE = Pattern.compile(
            "sumif\\(ItemCount, tostring\\(Properties\\.(\\w+)\\) matches regex @\"([^\"]+)\"\\)\\) / sum\\(ItemCount\\)");
    private static final Pattern PERCENTILE = Pattern.compile(
            "percentile\\(Sum / ItemCount, ([\\d.]+)\\) by bin\\(TimeGenerated, 5m\\)(?:, label = tostring\\(Properties\\.(\\w+)\\))?");
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
        Matcher oneOf = ONE_OF.matcher(query);
        if (oneOf.find()) {
            List<String> values = QUOTED.matcher(oneOf.group(2))
                    .results()
                    .map(value -> value.group(1))
                    .toList();
            rows = where(rows, oneOf.group(1), values::contains);
        }
        Matcher matches = MATCHES.matcher(query);
        if (matches.find()) {
            rows = where(
                    rows, matches.group(1), Pattern.compile(matches.group(2)).asPredicate());
        }
        Matcher counts = SHARE.matcher(query);
        if (counts.find()) {
            List<FakeTelemetry.Row> counted = where(
                    rows, counts.group(1), Pattern.compile(counts.group(2)).asPredicate());
            return count(rows) > 0 && (double) count(counted) / count(rows) > threshold;
        }
        Matcher percentile = PERCENTILE.matcher(query);
        if (percentile.find()) {
            double share = Double.parseDouble(percentile.group(1)) / 100;
            String label = percentile.group(2);
            return rows.stream()
                    .collect(Collectors.groupingBy(
                            row -> label == null ? "" : row.properties().getOrDefault(label, "")))
                    .values()
                    .stream()
                    .anyMatch(each -> percentile(each, share) > threshold);
        }
        return rows.stream().anyMatch(row -> row.max() > threshold);
    }

    private static List<FakeTelemetry.Row> where(List<FakeTelemetry.Row> rows, String label, Predicate<String> holds) {
        return rows.stream()
                .filter(row -> holds.test(row.properties().getOrDefault(label, "")))
                .toList();
    }

    private static long count(List<FakeTelemetry.Row> rows) {
        return rows.stream().mapToLong(FakeTelemetry.Row::count).sum();
    }

    /** Of the rows' means, by the nearest rank. */
    private static double percentile(List<FakeTelemetry.Row> rows, double share) {
        double[] means = rows.stream()
                .mapToDouble(row -> row.sum() / row.count())
                .sorted()
                .toArray();
        return means[(int) Math.ceil(share * means.length) - 1];
    }
}
