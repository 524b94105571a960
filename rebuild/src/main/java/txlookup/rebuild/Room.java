package txlookup.rebuild;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import txlookup.apply.generation.Serving;
import txlookup.apply.store.Generation;
import txlookup.rebuild.serving.LiveGenerations;

/**
 * At most two generations hold rows: the one that serves, and one candidate or way back. A third would not fit the disk
 * that was planned for two.
 */
final class Room {
    private static final int MOST = 2;

    private final LiveGenerations generations;

    Room(LiveGenerations generations) {
        this.generations = generations;
    }

    /** @throws StepFailure when two others hold rows, with what to retire */
    void require(long number) throws SQLException {
        List<Generation> others = generations.holdingRows().stream()
                .filter(one -> one.number() != number)
                .toList();
        if (others.size() < MOST) {
            return;
        }
        Long serving = generations.serving().map(Serving::generation).orElse(null);
        String retire = others.stream()
                .filter(one -> serving == null || one.number() != serving)
                .map(one -> "txlookup generation retire " + one.number())
                .collect(Collectors.joining(" or "));
        throw new StepFailure(
                FailureCause.ENVIRONMENT_BLOCKED,
                "a third generation has no room: %s hold rows, and at most %d may"
                        .formatted(
                                others.stream()
                                        .map(one -> one.number() + " (" + one.state() + ")")
                                        .collect(Collectors.joining(" and ")),
                                MOST),
                retire,
                null);
    }
}
