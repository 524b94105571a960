package txlookup.rebuild.steps;

import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import txlookup.apply.generation.Serving;
import txlookup.apply.store.generation.Generation;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.serving.LiveGenerations;

/**
 * What a generation beside what serves needs before it is made: at most two generations hold rows, the one that serves and
 * one candidate or way back; their rows and indexes fit the disk; their pools fit the server.
 */
public final class Room {
    private static final int MOST = 2;

    /** The rows and indexes of the new one, what its sorts and the log of its load take, and then some. */
    private static final double TIMES_WHAT_SERVES = 2;

    private static final long MARGIN_BYTES = 256L << 20;
    private static final int BESIDE_A_POOL = 2;

    private final LiveGenerations generations;
    private final int poolSize;
    private final OptionalLong freeDisk;

    /**
     * @param poolSize how many connections a consumer, a load, and an API process for each generation open
     * @param freeDisk bytes that the database's disk has left; empty where nobody knows
     */
    public Room(LiveGenerations generations, int poolSize, OptionalLong freeDisk) {
        this.generations = generations;
        this.poolSize = poolSize;
        this.freeDisk = freeDisk;
    }

    /**
     * Looks.
     *
     * @return whether it is about to be made beside what serves
     * @throws StepFailure when something is missing, with what to do
     */
    public boolean require(long number) throws SQLException {
        List<Generation> others = generations.holdingRows().stream()
                .filter(one -> one.number() != number)
                .toList();
        Long serving = generations.serving().map(Serving::generation).orElse(null);
        if (others.size() >= MOST) {
            throw third(others, serving);
        }
        if (serving == null || serving == number || generations.bytes(number) != 0) {
            return false;
        }
        requireDisk(serving);
        requireConnections();
        return true;
    }

    private static StepFailure third(List<Generation> others, @Nullable Long serving) {
        String retire = others.stream()
                .filter(one -> serving == null || one.number() != serving)
                .map(one -> "txlookup generation retire " + one.number())
                .collect(Collectors.joining(" or "));
        return blocked(
                "a third generation has no room: %s hold rows, and at most %d may"
                        .formatted(
                                others.stream()
                                        .map(one -> one.number() + " (" + one.state() + ")")
                                        .collect(Collectors.joining(" and ")),
                                MOST),
                retire);
    }

    private void requireDisk(long serving) throws SQLException {
        long wanted = (long) (TIMES_WHAT_SERVES * generations.bytes(serving)) + MARGIN_BYTES;
        if (freeDisk.isPresent() && freeDisk.getAsLong() < wanted) {
            throw blocked(
                    "the disk has %,d MiB left, and a generation beside %d needs about %,d"
                            .formatted(freeDisk.getAsLong() >> 20, serving, wanted >> 20),
                    "enlarge the disk, or make room on it");
        }
    }

    /** A consumer's, a load's, and one pool for each API process. */
    private void requireConnections() throws SQLException {
        LiveGenerations.Connections seen = generations.connections();
        int wanted = (2 + seen.apiProcesses()) * (poolSize + BESIDE_A_POOL);
        if (seen.used() + wanted > seen.most()) {
            throw blocked(
                    "%d of the server's %d connections are in use, and a generation beside what serves needs up to %d"
                            .formatted(seen.used(), seen.most(), wanted),
                    "raise max_connections, or lower database.poolSize");
        }
    }

    private static StepFailure blocked(String seen, String unblock) {
        return new StepFailure(FailureCause.ENVIRONMENT_BLOCKED, seen, unblock, null);
    }
}
