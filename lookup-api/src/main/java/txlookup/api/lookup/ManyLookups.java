package txlookup.api.lookup;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import txlookup.api.audit.Subject;
import txlookup.api.generation.GenerationStore;
import txlookup.api.lookup.AuditedRequests.Each;
import txlookup.api.pairing.PairedEntry;
import txlookup.api.pairing.PairedOrder;
import txlookup.api.web.Json;
import txlookup.api.web.ProblemException;

/** Many ids at once, each a transaction's or an order's. */
public final class ManyLookups {
    /** Ids of one request. */
    public static final int MOST = 500;

    private static final int LONGEST_ID = 1_000;

    private ManyLookups() {}

    /**
     * What one id is; entry or order, or neither.
     *
     * @param kind TX or ORDER; null where nothing was found
     */
    public record One(
            String id,
            @Nullable String kind,
            @Nullable PairedEntry entry,
            @Nullable PairedOrder order) {
        public boolean found() {
            return kind != null;
        }

        /** As the audit names it. */
        public Each each() {
            Subject subject =
                    kind == null ? Subject.MANY : kind.equals("TX") ? Subject.TRANSACTION : Subject.PAYMENT_ORDER;
            return new Each(subject, id, found());
        }

        /** Id, kind and whether it was found, and then what its own lookup answers. */
        ObjectNode json(Instant now) {
            ObjectNode json = Json.object(new Named(id, kind, found()));
            if (entry != null) {
                json.setAll(Json.object(Answers.Transaction.of(entry, now)));
            } else if (order != null) {
                json.setAll(Json.object(Answers.OrderWithEntries.of(order, now)));
            }
            return json;
        }
    }

    private record Named(String id, @Nullable String kind, boolean found) {}

    /** Answers of many, in the order in which they were asked for. */
    record Results(List<ObjectNode> results) {}

    /**
     * The ids of a request's body.
     *
     * @throws ProblemException 400 for another body than {@code {"ids": [...]}} with 1 to 500 ids
     */
    public static List<String> ids(byte[] body) {
        JsonNode json;
        try {
            json = JsonMapper.shared().readTree(body);
        } catch (JacksonException e) {
            throw ProblemException.badParameter("body", "no JSON: " + e.getOriginalMessage());
        }
        JsonNode ids = json.path("ids");
        if (!json.isObject() || json.size() != 1 || !ids.isArray()) {
            throw ProblemException.badParameter("body", "wanted an object with ids, a list");
        }
        return required(IntStream.range(0, ids.size())
                .mapToObj(ids::get)
                .map(id -> id.isString() ? id.stringValue() : "")
                .toList());
    }

    /** As they were pasted: one a line, or with commas, semicolons or blanks between. */
    public static List<String> pasted(String text) {
        List<String> ids = new ArrayList<>();
        for (String id : text.split("[\\s,;]+", -1)) {
            if (!id.isEmpty()) {
                ids.add(id);
            }
        }
        return required(new ArrayList<>(new LinkedHashSet<>(ids)));
    }

    private static List<String> required(List<String> ids) {
        if (ids.isEmpty() || ids.size() > MOST) {
            throw ProblemException.badParameter("ids", "wanted 1 to %d ids, saw %d".formatted(MOST, ids.size()));
        }
        for (String id : ids) {
            if (id.isEmpty() || id.length() > LONGEST_ID || id.indexOf('\0') >= 0) {
                throw ProblemException.badParameter(
                        "ids", "each is a text of 1 to %d characters without NUL".formatted(LONGEST_ID));
            }
        }
        return ids;
    }

    /** Looks each up. */
    public static List<One> of(GenerationStore generation, List<String> ids) throws SQLException {
        Map<String, PairedEntry> entries = generation.lookups().transactionsOf(ids);
        List<One> found = new ArrayList<>();
        for (String id : ids) {
            PairedEntry entry = entries.get(id);
            Optional<PairedOrder> order = entry == null ? generation.lookups().paymentOrder(id) : Optional.empty();
            String kind = entry != null ? "TX" : order.isPresent() ? "ORDER" : null;
            found.add(new One(id, kind, entry, order.orElse(null)));
        }
        return found;
    }
}
