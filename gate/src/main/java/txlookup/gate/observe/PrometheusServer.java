package txlookup.gate.observe;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.apply.metrics.MetricsText;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.observe.record.RecordedSeries;
import txlookup.gate.observe.record.Recorder;
import txlookup.gate.observe.record.ServiceHttp;
import txlookup.gate.observe.record.ServiceHttp.Answer;
import txlookup.gate.observe.record.WantedMetrics;
import txlookup.gate.observe.store.StoreReadings;

/**
 * The services' metrics as a Prometheus scraped them. It is asked for raw samples, never for a rate or a percentile, so
 * that they are judged in one way wherever they come from.
 */
public final class PrometheusServer implements ObservationSource {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> NOT_THE_SERVICES_OWN = Set.of("__name__", "job");

    private final URI address;
    private final ServiceHttp http;

    /** @param address its base address */
    public PrometheusServer(URI address, ServiceHttp http) {
        this.address = address;
        this.http = http;
    }

    @Override
    public void end(Recorder recorder) throws InterruptedException {
        WantedMetrics wanted = recorder.wanted();
        Set<String> silent = new TreeSet<>(wanted.processOf().values());
        RecordedSeries series = new RecordedSeries();
        try {
            for (var metric : wanted.processOf().entrySet()) {
                if (read(recorder, metric.getKey(), series)) {
                    silent.remove(metric.getValue());
                }
            }
            series.play(recorder, address.toString(), wanted.processOf());
            silent.forEach(process -> recorder.failed(process, address.toString(), "it has no samples of that time"));
        } catch (IOException | JacksonException e) {
            new TreeSet<>(wanted.processOf().values())
                    .forEach(process -> recorder.failed(process, address.toString(), StoreReadings.firstLine(e)));
        }
    }

    private boolean read(Recorder recorder, String metric, RecordedSeries series)
            throws IOException, InterruptedException {
        long seconds =
                Math.max(1, Duration.between(recorder.from(), recorder.now()).toSeconds());
        String query = "%s[%ds]".formatted(metric, seconds);
        Answer answer = http.get(address.resolve("/api/v1/query?time=%s&query=%s"
                .formatted(recorder.now(), URLEncoder.encode(query, StandardCharsets.UTF_8))));
        JsonNode json = JSON.readTree(answer.body());
        if (answer.status() != 200 || !"success".equals(json.path("status").asString(""))) {
            throw new IOException("status %d for %s: %s"
                    .formatted(answer.status(), query, json.path("error").asString("")));
        }
        JsonNode result = json.path("data").path("result");
        for (JsonNode one : result) {
            SortedMap<String, String> labels = new TreeMap<>();
            one.path("metric").properties().forEach(label -> {
                if (!NOT_THE_SERVICES_OWN.contains(label.getKey())) {
                    labels.put(label.getKey(), label.getValue().asString());
                }
            });
            for (JsonNode point : one.path("values")) {
                Instant at = Instant.ofEpochMilli(Math.round(point.path(0).asDouble() * 1000));
                series.add(at, metric, labels, MetricsText.number(point.path(1).asString()));
            }
        }
        return !result.isEmpty();
    }
}
