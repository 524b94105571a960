package txlookup.gate.observe;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.observe.record.RecordedSeries;
import txlookup.gate.observe.record.Recorder;
import txlookup.gate.observe.store.StoreReadings;

/**
 * The services' metrics as Azure Monitor keeps scraped ones: rows of {@code InsightsMetrics} in a Log Analytics workspace,
 * asked for raw. Rows arrive minutes late, so it is asked again until one of the last minute is there, or time is up.
 */
public final class AzureLogs implements ObservationSource {
    /** The query endpoint of the public cloud. */
    public static final URI PUBLIC = URI.create("https://api.loganalytics.azure.com");

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LATEST = Duration.ofMinutes(10);
    private static final Duration ASK_EVERY = Duration.ofSeconds(30);
    private static final Duration LATE_ENOUGH = Duration.ofMinutes(1);

    private static final String ROWS = """
            InsightsMetrics
            | where Namespace == "prometheus" and Name in (%s)
            | where TimeGenerated between (datetime(%s) .. datetime(%s))
            | project TimeGenerated, Name, Val, Tags, Computer
            | order by TimeGenerated asc""";

    private final URI endpoint;
    private final String workspace;
    private final Supplier<String> token;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    /**
     * Asks one workspace.
     *
     * @param workspace its id, a GUID
     * @param token a bearer token for that endpoint, asked for at each request
     */
    public AzureLogs(URI endpoint, String workspace, Supplier<String> token) {
        this.endpoint = endpoint;
        this.workspace = workspace;
        this.token = token;
    }

    @Override
    public void end(Recorder recorder) throws InterruptedException {
        Map<String, String> processOf = recorder.wanted().processOf();
        try {
            RecordedSeries series = await(recorder);
            series.play(recorder, workspace, processOf);
            if (series.isEmpty()) {
                failed(recorder, "it has no rows of that time");
            }
        } catch (IOException | JacksonException e) {
            failed(recorder, StoreReadings.firstLine(e));
        }
    }

    private void failed(Recorder recorder, String failure) {
        new TreeSet<>(recorder.wanted().processOf().values())
                .forEach(process -> recorder.failed(process, workspace, failure));
    }

    private RecordedSeries await(Recorder recorder) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LATEST.toNanos();
        while (true) {
            RecordedSeries series = read(recorder);
            boolean arrived = series.reaches(recorder.now().minus(LATE_ENOUGH));
            if (arrived || System.nanoTime() > deadline) {
                return series;
            }
            TimeUnit.NANOSECONDS.sleep(ASK_EVERY.toNanos());
        }
    }

    private RecordedSeries read(Recorder recorder) throws IOException, InterruptedException {
        String names = recorder.wanted().processOf().keySet().stream()
                .map(name -> "\"" + name + "\"")
                .collect(Collectors.joining(", "));
        String body = JSON.writeValueAsString(Map.of("query", ROWS.formatted(names, recorder.from(), recorder.now())));
        HttpRequest request = HttpRequest.newBuilder(endpoint.resolve("/v1/workspaces/" + workspace + "/query"))
                .timeout(Duration.ofMinutes(1))
                .header("Authorization", "Bearer " + token.get())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("the workspace answers " + response.statusCode());
        }
        RecordedSeries series = new RecordedSeries();
        for (JsonNode row :
                JSON.readTree(response.body()).path("tables").path(0).path("rows")) {
            Instant at = OffsetDateTime.parse(row.path(0).asString()).toInstant();
            SortedMap<String, String> labels = new TreeMap<>();
            labels.put("computer", row.path(4).asString());
            JSON.readTree(row.path(3).asString())
                    .properties()
                    .forEach(
                            label -> labels.put(label.getKey(), label.getValue().asString()));
            series.add(at, row.path(1).asString(), labels, row.path(2).asDouble());
        }
        return series;
    }
}
