package txlookup.backfill.pipeline;

import txlookup.apply.store.position.BatchResult;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;

/** Is told how a backfill goes; called from several threads at once. */
public interface BackfillProgress {
    /**
     * An input is opened.
     *
     * @param rowsBefore rows that an earlier run has loaded; 0 for a new one
     */
    void begins(Input input, long rowsBefore);

    /** A chunk is committed. */
    void applied(Input input, Chunk chunk, BatchResult applied);

    /** An input stands still, and why; told again at each look. */
    default void waits(Input input, String reason) {}

    /** An input that stood still moves again. */
    default void resumes(Input input) {}
}
