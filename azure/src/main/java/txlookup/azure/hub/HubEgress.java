package txlookup.azure.hub;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.ArmResponse;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.steps.StepFailure;

/**
 * Whether a namespace lets one more reader read all of its events. Event Hubs throttles readers without an error, so that
 * a rebuild would never catch up, and would slow down what serves (docs/azure-facts.md, C).
 */
public final class HubEgress {
    private static final String METRICS = "api-version=2023-10-01&interval=PT1M&aggregation=Total&metricnames="
            + "IncomingBytes,OutgoingBytes,IncomingMessages,OutgoingMessages&timespan=%s/%s";
    private static final Duration LOOKED_AT = Duration.ofDays(1);
    private static final double MEGA = 1e6;
    private static final double SECONDS_IN_A_MINUTE = 60;

    private final ArmClient client;
    private final ArmId namespace;
    private final String apiVersion;
    private final int partitions;

    /** @param partitions of all hubs: each gives no more than one throughput unit does */
    public HubEgress(ArmClient client, ArmId namespace, String apiVersion, int partitions) {
        this.client = client;
        this.namespace = namespace;
        this.apiVersion = apiVersion;
        this.partitions = partitions;
    }

    /** What leaves in a second at most, and left and came in the busiest minute. */
    private record Flow(String unit, double most, double out, double in) {
        /** What a reader takes that reads all that comes: one that reads now may have been away that day. */
        double wanted() {
            return Math.max(out, in) + in;
        }

        boolean fits() {
            return wanted() <= most;
        }

        /** Behind a backlog it has to read faster than events come. */
        boolean catchesUp() {
            return most - wanted() >= in;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%,.2f of %,.2f %s", wanted(), most, unit);
        }
    }

    /**
     * Looks at the busiest minute of the last day.
     *
     * @return one line that says how it stands
     * @throws StepFailure when the namespace lets out less than one more reader needs, or does not say how busy it is
     */
    public String require(Instant now) throws IOException, InterruptedException {
        JsonNode sku = client.read(client.address(namespace.toString(), "api-version=" + apiVersion))
                .body()
                .path("sku");
        if (!sku.path("name").asString("").equals("Standard")) {
            return "egress of %s is not bounded by throughput units (%s)"
                    .formatted(namespace.name(), sku.path("name").asString("?"));
        }
        int units = sku.path("capacity").asInt(1);
        Map<String, Double> busiest = busiest(now);
        double most = Math.min(units, partitions);
        Flow bytes = new Flow(
                "MB/s",
                2 * most,
                busiest.getOrDefault("OutgoingBytes", 0.0) / MEGA,
                busiest.getOrDefault("IncomingBytes", 0.0) / MEGA);
        Flow events = new Flow(
                "events/s",
                4_096 * most,
                busiest.getOrDefault("OutgoingMessages", 0.0),
                busiest.getOrDefault("IncomingMessages", 0.0));
        String seen = "egress of %s with one more reader: %s, %s (throughput units %d, partitions %d)"
                .formatted(namespace.name(), bytes, events, units, partitions);
        if (!bytes.fits() || !events.fits()) {
            throw blocked(seen, "raise the namespace's throughput units, or rebuild when fewer events come");
        }
        return bytes.catchesUp() && events.catchesUp()
                ? seen
                : seen + "; catching up takes longer than the time that it covers";
    }

    /** Per second, by the metric's name. */
    private Map<String, Double> busiest(Instant now) throws IOException, InterruptedException {
        Instant until = now.truncatedTo(ChronoUnit.MINUTES);
        ArmResponse answer = client.read(client.address(
                namespace + "/providers/Microsoft.Insights/metrics", METRICS.formatted(until.minus(LOOKED_AT), until)));
        if (!answer.isSuccess()) {
            throw blocked(
                    "%s does not say how busy it is: %s".formatted(namespace.name(), answer.explanation()),
                    "let this login read metrics (Monitoring Reader)");
        }
        Map<String, Double> busiest = new HashMap<>();
        for (JsonNode metric : answer.body().path("value")) {
            double total = metric.path("timeseries")
                    .valueStream()
                    .flatMap(series -> series.path("data").valueStream())
                    .mapToDouble(minute -> minute.path("total").asDouble(0))
                    .max()
                    .orElse(0);
            busiest.put(metric.path("name").path("value").asString(""), total / SECONDS_IN_A_MINUTE);
        }
        return busiest;
    }

    private static StepFailure blocked(String seen, String unblock) {
        return new StepFailure(FailureCause.ENVIRONMENT_BLOCKED, seen, unblock, null);
    }
}
