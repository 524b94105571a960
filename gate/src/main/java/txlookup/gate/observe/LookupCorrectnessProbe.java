package txlookup.gate.observe;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.observe.record.Recorder;
import txlookup.gate.observe.record.ServiceHttp;
import txlookup.gate.observe.record.ServiceHttp.Answer;
import txlookup.gate.observe.store.StoreQueries;
import txlookup.gate.observe.store.StoreReadings;

/** At the end: a hit and a miss of the API (docs/policy.md, Gates 3), and its pairing beside what entries say. */
public final class LookupCorrectnessProbe implements ObservationSource {
    private static final String SOURCE = "answers";
    private static final String SMOKE = "smoke_failures";
    private static final String PAIRS = "pair_differences";
    private static final String MISSING = "txlookup-slo-gate-no-such-tx";
    private static final int TRIES = 4;
    private static final long BETWEEN_TRIES_MILLIS = 500;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI api;
    private final ServiceHttp http;
    private final StoreQueries queries;

    /** @param api the API's base address */
    public LookupCorrectnessProbe(URI api, ServiceHttp http, StoreQueries queries) {
        this.api = api;
        this.http = http;
        this.queries = queries;
    }

    @Override
    public void end(Recorder recorder) throws InterruptedException {
        check(recorder, SMOKE, this::smokeFailures);
        check(recorder, PAIRS, this::pairDifferences);
    }

    private interface Check {
        /** Null when nothing could be checked. */
        @Nullable
        List<String> failures() throws IOException, SQLException, InterruptedException;
    }

    private void check(Recorder recorder, String reading, Check check) throws InterruptedException {
        try {
            List<String> failures = check.failures();
            recorder.reading(
                    SOURCE,
                    reading,
                    Map.of(),
                    failures == null ? null : (double) failures.size(),
                    failures == null
                            ? "the store is empty, so there is nothing to ask for"
                            : String.join("; ", failures));
        } catch (IOException | SQLException | JacksonException e) {
            recorder.reading(SOURCE, reading, Map.of(), null, "%s: %s".formatted(api, StoreReadings.firstLine(e)));
        }
    }

    private @Nullable List<String> smokeFailures() throws IOException, SQLException, InterruptedException {
        List<StoreQueries.Entry> entries = queries.someEntries();
        if (entries.isEmpty()) {
            return null;
        }
        String known = entries.get(0).txId();
        List<String> failures = new ArrayList<>();
        Answer hit = http.get(api.resolve("/admin/tx/" + encoded(known)));
        if (hit.status() != 200 || !known.equals(text(hit, "tx_id"))) {
            failures.add("an existing entry is answered with " + hit.status());
        }
        Answer miss = http.get(api.resolve("/admin/tx/" + MISSING));
        if (miss.status() != 404 || !"tx_id not found".equals(text(miss, "detail"))) {
            failures.add("an entry that is not there is answered with " + miss.status());
        }
        return failures;
    }

    /** A payment may change between the two questions; a difference that stays is one. */
    private @Nullable List<String> pairDifferences() throws IOException, SQLException, InterruptedException {
        Map<String, String> differences = differences(queries.pairing(null));
        if (differences == null) {
            return null;
        }
        for (int tries = 1; tries < TRIES && !differences.isEmpty(); tries++) {
            Thread.sleep(BETWEEN_TRIES_MILLIS);
            differences = differences(queries.pairing(List.copyOf(differences.keySet())));
        }
        return List.copyOf(differences.values());
    }

    private @Nullable Map<String, String> differences(Map<String, String> wanted)
            throws IOException, InterruptedException {
        if (wanted.isEmpty()) {
            return null;
        }
        Map<String, String> differences = new TreeMap<>();
        for (Map.Entry<String, String> order : wanted.entrySet()) {
            Answer answer = http.get(api.resolve("/admin/payment-orders/" + encoded(order.getKey())));
            String seen = answer.status() == 200 ? text(answer, "pairing_status") : Integer.toString(answer.status());
            if (!order.getValue().equals(seen)) {
                differences.put(
                        order.getKey(),
                        "%s is %s by its entries and %s in the API".formatted(order.getKey(), order.getValue(), seen));
            }
        }
        return differences;
    }

    private static String text(Answer answer, String member) {
        return JSON.readTree(answer.body()).path(member).asString("");
    }

    static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
