package txlookup.rebuild.metrics;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One scrape of a process's metrics in Prometheus' text format. */
final class PrometheusText {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private static final Pattern SAMPLE = Pattern.compile("^([a-zA-Z_:][\\w:]*)(?:\\{(.*)\\})? (\\S+)(?: -?\\d+)?$");
    private static final Pattern BOUND = Pattern.compile("(?:^|,)le=\"([^\"]+)\"");

    private final Map<String, Integer> seriesOf = new HashMap<>();
    private final Map<String, TreeMap<Double, Double>> buckets = new HashMap<>();

    static PrometheusText scrape(URI address, Duration patience) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address).timeout(patience).build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        PrometheusText text = new PrometheusText();
        response.body().lines().filter(line -> !line.startsWith("#")).forEach(text::add);
        return text;
    }

    private void add(String line) {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            return;
        }
        String name = sample.group(1);
        seriesOf.merge(name, 1, Integer::sum);
        Matcher bound = BOUND.matcher(sample.group(2) == null ? "" : sample.group(2));
        if (name.endsWith("_bucket") && bound.find()) {
            double le = bound.group(1).equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound.group(1));
            buckets.computeIfAbsent(name, unused -> new TreeMap<>())
                    .merge(le, Double.parseDouble(sample.group(3)), Double::sum);
        }
    }

    int series() {
        return seriesOf.values().stream().mapToInt(Integer::intValue).sum();
    }

    boolean has(String name) {
        return seriesOf.containsKey(name);
    }

    /** A histogram's cumulative counts by upper bound, summed over all its label sets; empty when it is not there. */
    NavigableMap<Double, Double> histogram(String name) {
        return buckets.getOrDefault(name + "_bucket", new TreeMap<>());
    }
}
