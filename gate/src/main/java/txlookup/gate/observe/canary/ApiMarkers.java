package txlookup.gate.observe.canary;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.gate.observe.record.ServiceHttp;
import txlookup.gate.observe.store.StoreQueries.Passed;

/** Markers as the lookup API shows them: visible is what a caller can be told. */
public final class ApiMarkers implements MarkerView {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int OK = 200;
    private static final int TOO_MANY = 429;
    private static final int AWAY = 500;

    private final URI api;
    private final ServiceHttp http;
    private final long generation;
    private final String canary;

    /**
     * Asks the API at that base address.
     *
     * @param generation in which they are to be visible
     * @param canary what this environment's canaries mark their records with
     */
    public ApiMarkers(URI api, ServiceHttp http, long generation, String canary) {
        this.api = api;
        this.http = http;
        this.generation = generation;
        this.canary = canary;
    }

    @Override
    public String canary() {
        return canary;
    }

    @Override
    public List<Passed> passed(String run) throws IOException, InterruptedException, NotToBeSeenException {
        ServiceHttp.Answer answer = http.get(api.resolve("/internal/markers/%d/%s".formatted(generation, run)));
        if (answer.status() == TOO_MANY || answer.status() >= AWAY) {
            throw new IOException("the API answers " + answer.status());
        }
        if (answer.status() != OK) {
            throw new NotToBeSeenException("the API does not report markers, it answers %d".formatted(answer.status()));
        }
        try {
            List<Passed> passed = new ArrayList<>();
            for (JsonNode one : JSON.readTree(answer.body()).path("partitions")) {
                passed.add(new Passed(
                        new TopicPartition(
                                one.path("topic").asString(),
                                one.path("partition").asInt()),
                        one.path("sequence").asLong(),
                        one.path("markers").asLong()));
            }
            return passed;
        } catch (JacksonException e) {
            throw new NotToBeSeenException("the API does not report markers, its answer is not JSON");
        }
    }
}
