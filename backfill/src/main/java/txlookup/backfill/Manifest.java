package txlookup.backfill;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import txlookup.apply.Entity;
import txlookup.apply.store.SourceCounts;

/**
 * What a backfill read and what became of it; kept with the rebuild's evidence. For every line, {@code rows} equals
 * {@code applied + stale + duplicate + rejected}.
 *
 * @param cutover {@code T_cutover} as pinned before the first row was read
 * @param elapsed how long this run took; an earlier run's time is not in it
 */
public record Manifest(long generation, Instant cutover, List<Line> inputs, Duration elapsed) {
    public Manifest {
        inputs = List.copyOf(inputs);
    }

    /**
     * One input.
     *
     * @param name the file or table
     * @param counts rows read, by what became of them
     */
    public record Line(String name, Entity entity, SourceCounts counts) {}

    /** Rows read from all inputs. */
    public long rows() {
        return inputs.stream().mapToLong(line -> line.counts().consumed()).sum();
    }

    /** Rows set aside as dead letters. */
    public long rejected() {
        return inputs.stream().mapToLong(line -> line.counts().dead()).sum();
    }
}
