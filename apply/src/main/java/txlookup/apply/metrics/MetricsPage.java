package txlookup.apply.metrics;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** One scrape of one of our processes. */
public record MetricsPage(List<MetricsText.Sample> samples) {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** @throws IOException also when what answers is no page of metrics */
    public static MetricsPage scrape(URI address, Duration timeout) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address).timeout(timeout).build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("%s answers with status %d".formatted(address, response.statusCode()));
        }
        try {
            return new MetricsPage(MetricsText.parse(response.body()));
        } catch (IllegalArgumentException e) {
            throw new IOException("%s answers with %s".formatted(address, e.getMessage()), e);
        }
    }

    public boolean has(String name) {
        return samples.stream().anyMatch(sample -> sample.name().equals(name));
    }

    /** The sum over all label sets that have a number; empty where none has. */
    public OptionalDouble sum(String name) {
        double[] known = samples.stream()
                .filter(sample -> sample.name().equals(name))
                .mapToDouble(MetricsText.Sample::value)
                .filter(value -> !Double.isNaN(value))
                .toArray();
        return known.length == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Arrays.stream(known).sum());
    }

    /** A histogram's cumulative counts by upper bound, summed over the label sets whose {@code label} begins so. */
    public NavigableMap<Double, Double> histogram(String name, String label, String beginning) {
        NavigableMap<Double, Double> counts = new TreeMap<>();
        for (MetricsText.Sample sample : samples) {
            String bound = sample.labels().get("le");
            if (bound != null
                    && sample.name().equals(name + "_bucket")
                    && sample.labels().getOrDefault(label, "").startsWith(beginning)) {
                counts.merge(MetricsText.number(bound), sample.value(), Double::sum);
            }
        }
        return counts;
    }
}
