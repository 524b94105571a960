package txlookup.azure.revision;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where an app's requests go: everything to one revision, and labels on it and on others.
 *
 * @param serving the revision that answers everything
 * @param labels of revisions, the serving one among them
 */
record Traffic(String serving, List<Labelled> labels) {
    /** What is deployed and not yet judged. */
    static final String CANDIDATE = "candidate";
    /** What answers. */
    static final String CURRENT = "current";
    /** What answered before, and the way back. */
    static final String PREVIOUS = "previous";
    /** What was taken back. */
    static final String WITHDRAWN = "withdrawn";

    private static final int ALL = 100;

    Traffic {
        labels = labels.stream().sorted(Comparator.comparing(Labelled::label)).toList();
    }

    /** A revision and its label. */
    record Labelled(String label, String revision) {}

    static Traffic to(String revision) {
        return new Traffic(revision, List.of(new Labelled(CURRENT, revision)));
    }

    Traffic and(String label, String revision) {
        List<Labelled> more = new ArrayList<>(labels);
        more.add(new Labelled(label, revision));
        return new Traffic(serving, more);
    }

    /** What answers and its way back, by their names, and nothing else; a revision that is to come is neither. */
    Traffic without(String coming) {
        Traffic base = to(serving);
        return labelled(PREVIOUS)
                .filter(earlier -> !earlier.equals(coming) && !earlier.equals(serving))
                .map(earlier -> base.and(PREVIOUS, earlier))
                .orElse(base);
    }

    /**
     * As Azure tells it. What weighs nothing counts by its label alone: the list keeps revisions that are not active
     * (microsoft/azure-container-apps#410).
     *
     * @param latest what the entry for the latest revision stands for
     * @throws IllegalStateException when requests are shared out
     */
    static Traffic of(JsonNode told, String latest) {
        List<Labelled> labels = new ArrayList<>();
        String serving = "";
        for (JsonNode one : told) {
            String revision = one.path("latestRevision").asBoolean(false)
                    ? latest
                    : one.path("revisionName").asString("");
            if (one.path("weight").asInt(0) == ALL) {
                serving = revision;
            }
            String label = one.path("label").asString("");
            if (!label.isEmpty()) {
                labels.add(new Labelled(label, revision));
            }
        }
        if (serving.isEmpty()) {
            throw new IllegalStateException(
                    "no revision has all traffic (%s); give it to one, then run the same command again"
                            .formatted(told));
        }
        return new Traffic(serving, labels);
    }

    Optional<String> labelled(String label) {
        return labels.stream()
                .filter(one -> one.label().equals(label))
                .map(Labelled::revision)
                .findFirst();
    }

    /** As Azure takes it: revisions by their names, so that a new one gets nothing by itself. */
    ArrayNode body() {
        ArrayNode body = JsonNodeFactory.instance.arrayNode();
        for (Labelled one : labels) {
            ObjectNode entry = body.addObject()
                    .put("revisionName", one.revision())
                    .put("weight", one.revision().equals(serving) ? ALL : 0);
            entry.put("label", one.label());
        }
        return body;
    }
}
