package txlookup.guarantee.witness;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import txlookup.guarantee.fleet.Fleet;
import txlookup.local.process.ManagedProcess;

/** What a consumer process says of itself at {@code /metrics}, and the system of its memory. */
public final class ConsumerReadings {
    private static final Pattern PORT = Pattern.compile("endpoint on port (\\d+)");
    private static final Pattern HEAP =
            Pattern.compile("^jvm_memory_used_bytes\\{area=\"heap\",.*} (\\S+)$", Pattern.MULTILINE);
    private static final Pattern STOPPED = Pattern.compile(
            "^txlookup_consumer_stopped\\{partition=\"(\\d+)\",topic=\"([^\"]+)\"} 1\\.0$", Pattern.MULTILINE);
    private static final Pattern MOST_RESIDENT = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    private final Fleet fleet;
    private final ManagedProcess consumer;
    private final HttpClient http = HttpClient.newHttpClient();
    private long mostHeap;

    public ConsumerReadings(Fleet fleet, ManagedProcess consumer) {
        this.fleet = fleet;
        this.consumer = consumer;
    }

    public void take() throws IOException, InterruptedException {
        long heap = HEAP.matcher(metrics())
                .results()
                .mapToLong(used -> (long) Double.parseDouble(used.group(1)))
                .sum();
        mostHeap = Math.max(mostHeap, heap);
    }

    /** The partitions that it says are stopped. */
    public List<String> stopped() throws IOException, InterruptedException {
        return STOPPED.matcher(metrics())
                .results()
                .map((MatchResult partition) -> partition.group(2) + "-" + partition.group(1))
                .toList();
    }

    /** Nothing before its endpoint answers. */
    private String metrics() throws IOException, InterruptedException {
        Matcher port = PORT.matcher(fleet.log(consumer));
        if (!port.find()) {
            return "";
        }
        URI uri = URI.create("http://127.0.0.1:%s/metrics".formatted(port.group(1)));
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Override
    public String toString() {
        return "heap %d MiB at most, resident %s".formatted(mostHeap >> 20, mostResident());
    }

    private String mostResident() {
        try {
            Matcher most = MOST_RESIDENT.matcher(Files.readString(Path.of("/proc/" + consumer.pid() + "/status")));
            return most.find() ? Long.parseLong(most.group(1)) / 1024 + " MiB at most" : "unknown";
        } catch (IOException e) {
            return "unknown here (" + e.getMessage() + ")";
        }
    }
}
