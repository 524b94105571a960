package txlookup.gate.observe.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import txlookup.gate.observe.store.LogOffsets.Log;
import txlookup.gate.observe.store.StoreQueries.Partition;

/** Whether every offset from each partition's anchor up to the frozen end was consumed and accounted for. */
final class CoverageProof {
    private final Map<String, Long> frozen;
    private final Map<String, Long> begins;
    private final Map<String, Long> ends;

    /**
     * @param frozen the ends when the observation began: what has to be applied by now
     * @param begins read before the positions
     * @param ends read after the positions
     */
    CoverageProof(Map<String, Long> frozen, Map<String, Long> begins, Map<String, Long> ends) {
        this.frozen = frozen;
        this.begins = begins;
        this.ends = ends;
    }

    /** What stands against it, for people; empty when it is proven. */
    List<String> violations(List<Log> logs, Map<String, Partition> applied) {
        List<String> violations = new ArrayList<>();
        for (Log log : logs) {
            Partition partition = applied.get(log.name());
            if (partition == null) {
                violations.add(log.name() + " has no anchor, so nobody applies it");
            } else {
                judge(log, partition, violations);
            }
        }
        applied.values().stream()
                .filter(partition -> logs.stream().noneMatch(log -> log.name().equals(partition.name())))
                .forEach(partition -> violations.add(partition.name() + " was anchored and is not in the broker"));
        return violations;
    }

    private void judge(Log log, Partition partition, List<String> violations) {
        String name = log.name();
        long next = partition.next();
        if (begins.get(name) > next) {
            violations.add(
                    "%s lost offsets %d to %d before they were applied".formatted(name, next, begins.get(name) - 1));
        }
        if (ends.get(name) < next) {
            violations.add("%s ends at %d and was applied up to %d, so it is another log"
                    .formatted(name, ends.get(name), next));
        }
        if (partition.topicId() != null
                && log.topicId().isPresent()
                && !log.topicId().get().equals(partition.topicId())) {
            violations.add("%s was deleted and made again".formatted(name));
        }
        if (next < frozen.getOrDefault(name, 0L)) {
            violations.add("%s is applied up to %d of %d that were there when the gate began"
                    .formatted(name, next, frozen.get(name)));
        }
        if (partition.consumed() != partition.accounted()) {
            violations.add("%s consumed %d records and accounts for %d"
                    .formatted(name, partition.consumed(), partition.accounted()));
        }
        // Fewer is no hole: transaction markers and aborted records take offsets as well.
        if (partition.consumed() > next - partition.start()) {
            violations.add("%s consumed %d records from %d offsets"
                    .formatted(name, partition.consumed(), next - partition.start()));
        }
    }
}
