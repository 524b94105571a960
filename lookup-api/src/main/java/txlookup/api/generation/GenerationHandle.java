package txlookup.api.generation;

import java.time.Duration;

/**
 * What one request reads, from its begin to its end: one generation, with the row of {@code bo.serving} that chose it.
 *
 * @param side in which role it answers
 * @param known the row that chose it, and what is counted of its epoch
 * @param takenNanos when it was taken
 */
public record GenerationHandle(GenerationStore store, Side side, ServingReader.Known known, long takenNanos)
        implements AutoCloseable {

    /** The role of a generation in an answer. */
    enum Side {
        SERVING,
        CANDIDATE,
        /** Somebody asked for this generation by its number. */
        NAMED
    }

    public long generation() {
        return store.generation();
    }

    ServingState row() {
        return known.row();
    }

    SideCounters counters() {
        return known.counters();
    }

    /** Whether it was taken so long ago that what serves may have changed and the change be over. */
    boolean isOld() {
        return Duration.ofNanos(System.nanoTime() - takenNanos).compareTo(ServingReader.LEASE) > 0;
    }

    @Override
    public void close() {
        store.giveBack();
    }
}
