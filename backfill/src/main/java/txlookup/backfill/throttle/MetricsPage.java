package txlookup.backfill.throttle;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One scrape of one of our processes, in Prometheus' text format. */
final class MetricsPage {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private static final Pattern SAMPLE = Pattern.compile("^([a-zA-Z_:][\\w:]*)(?:\\{(.*)\\})? (\\S+)(?: -?\\d+)?$");
    private static final Pattern BOUND = Pattern.compile("(?:^|,)le=\"([^\"]+)\"");

    private record Sample(String name, String labels, double value) {}

    private final List<Sample> samples = new ArrayList<>();

    static MetricsPage of(URI address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address).timeout(PATIENCE).build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("%s answered %d".formatted(address, response.statusCode()));
        }
        MetricsPage page = new MetricsPage();
        response.body().lines().map(SAMPLE::matcher).filter(Matcher::matches).forEach(page::add);
        return page;
    }

    private void add(Matcher sample) {
        String labels = sample.group(2) == null ? "" : sample.group(2);
        samples.add(new Sample(sample.group(1), labels, number(sample.group(3))));
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    /** The sum over all label sets that have a number; empty where none has. */
    OptionalDouble sum(String name) {
        double[] known = samples.stream()
                .filter(sample -> sample.name().equals(name))
                .mapToDouble(Sample::value)
                .filter(value -> !Double.isNaN(value))
                .toArray();
        return known.length == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Arrays.stream(known).sum());
    }

    /** A histogram's cumulative counts by upper bound, summed over the label sets that contain {@code label}. */
    NavigableMap<Double, Double> histogram(String name, String label) {
        NavigableMap<Double, Double> counts = new TreeMap<>();
        for (Sample sample : samples) {
            Matcher bound = BOUND.matcher(sample.labels());
            if (sample.name().equals(name + "_bucket") && sample.labels().contains(label) && bound.find()) {
                counts.merge(number(bound.group(1)), sample.value(), Double::sum);
            }
        }
        return counts;
    }
}
