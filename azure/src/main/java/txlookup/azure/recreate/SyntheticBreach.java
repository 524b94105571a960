package txlookup.azure.recreate;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.steps.StepFailure;

/**
 * Sets one alert off and waits until it fires and clears. Its rule also wants metrics of this generation's services, so
 * that a rule that is there and watches an empty workspace does not pass.
 */
final class SyntheticBreach {
    static final String METRIC = "txlookup_alert_probe";
    /** Rows come minutes late, and a rule looks once a minute. */
    static final Duration LONGEST = Duration.ofMinutes(30);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final Duration SEND_EVERY = Duration.ofMinutes(1);
    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final Pattern SECTION = Pattern.compile("(?i)(?:^|;)(InstrumentationKey|IngestionEndpoint)=([^;]+)");

    private final EnvironmentResources resources;
    private final EnvironmentParameters parameters;
    private final Sleeper waiting;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    SyntheticBreach(EnvironmentResources resources, EnvironmentParameters parameters, Sleeper waiting) {
        this.resources = resources;
        this.parameters = parameters;
        this.waiting = waiting;
    }

    /** @throws StepFailure when nothing is sent there, or the alert does not fire or does not clear in time */
    void require(GenerationNumber generation) throws IOException, InterruptedException {
        if (!parameters.sendsTelemetry()) {
            throw failure(
                    "the profile's telemetry.exporter is not azure-monitor, so the alerts watch an empty workspace",
                    "set telemetry.exporter to azure-monitor");
        }
        Set<String> over = alerts().stream()
                .filter(is("Resolved"))
                .map(SyntheticBreach::id)
                .collect(Collectors.toSet());
        Predicate<JsonNode> ofNow = alert -> !over.contains(id(alert));
        Instant until = waiting.now().plus(LONGEST);
        Instant sent = Instant.MIN;
        while (alerts().stream().noneMatch(ofNow)) {
            if (!waiting.now().isBefore(sent.plus(SEND_EVERY))) {
                send(generation);
                sent = waiting.now();
            }
            pause(until, "did not fire within %s of a breach; either services send no metrics, or rows are late");
        }
        until = waiting.now().plus(LONGEST);
        while (alerts().stream().filter(ofNow).anyMatch(is("Fired"))) {
            pause(until, "fired and did not clear within %s");
        }
    }

    private List<JsonNode> alerts() throws IOException, InterruptedException {
        return resources.alerts().stream()
                .filter(alert -> essentials(alert)
                        .path("alertRule")
                        .asString("")
                        .equalsIgnoreCase(resources.id(AzureKind.PROBE_ALERT).toString()))
                .toList();
    }

    private static Predicate<JsonNode> is(String condition) {
        return alert -> essentials(alert).path("monitorCondition").asString("").equals(condition);
    }

    private static JsonNode essentials(JsonNode alert) {
        return alert.path("properties").path("essentials");
    }

    private static String id(JsonNode alert) {
        return alert.path("id").asString("");
    }

    private void pause(Instant until, String what) throws InterruptedException {
        if (!waiting.now().isBefore(until)) {
            throw failure(
                    "alert %s %s".formatted(parameters.name(AzureKind.PROBE_ALERT), what.formatted(LONGEST)),
                    "look at the table AppMetrics of the workspace and at the consumer's log");
        }
        waiting.pause(LOOK_EVERY);
    }

    /** The key is in no message. */
    private void send(GenerationNumber generation) throws IOException, InterruptedException {
        String connection = resources
                .properties(AzureKind.APPLICATION_INSIGHTS)
                .path("ConnectionString")
                .asString("");
        String endpoint = section("IngestionEndpoint", connection);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(endpoint + (endpoint.endsWith("/") ? "" : "/") + "v2.1/track"))
                .timeout(CONNECT)
                .header("Content-Type", "application/x-json-stream")
                .POST(HttpRequest.BodyPublishers.ofString(item(section("InstrumentationKey", connection), generation)
                        .toString()))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw failure(
                    "%s answers %d to a metric of %s"
                            .formatted(
                                    endpoint, response.statusCode(), parameters.name(AzureKind.APPLICATION_INSIGHTS)),
                    "see whether the component takes keys (DisableLocalAuth) and public ingestion");
        }
    }

    private ObjectNode item(String key, GenerationNumber generation) {
        ObjectNode item = JsonNodeFactory.instance
                .objectNode()
                .put("ver", 1)
                .put("name", "Metric")
                .put("time", waiting.now().toString())
                .put("iKey", key);
        item.putObject("tags").put("ai.cloud.role", "txlookup-rebuild");
        ObjectNode data = item.putObject("data")
                .put("baseType", "MetricData")
                .putObject("baseData")
                .put("ver", 2);
        data.putArray("metrics")
                .addObject()
                .put("name", METRIC)
                .put("value", 1)
                .put("count", 1)
                .put("min", 1)
                .put("max", 1);
        data.putObject("properties").put("generation", generation.toString());
        return item;
    }

    private static String section(String name, String connection) {
        Matcher sections = SECTION.matcher(connection);
        while (sections.find()) {
            if (sections.group(1).equalsIgnoreCase(name)) {
                return sections.group(2);
            }
        }
        throw failure(
                "the component's connection string has no %s".formatted(name), "look at the component in the portal");
    }

    private static StepFailure failure(String what, String unblock) {
        return new StepFailure(FailureCause.MONITORING_FAILED, what, unblock + ", then begin a new rebuild", null);
    }
}
