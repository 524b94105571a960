package txlookup.apply.store.load;

import java.sql.SQLException;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.position.BatchResult;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.FencedException;
import txlookup.apply.store.position.Lease;

/**
 * How a backfill's chunks reach the store: several at once, each in a transaction of its own with its dead letters and
 * its input's checkpoint, committed in the order of the input.
 */
public sealed interface BulkLoad permits EmptyStoreLoad, ConcurrentLoad {
    /** When a chunk's checkpoint may be written. */
    interface Turn {
        /** Waits until all chunks before this one are committed, and gives the claim that they left. */
        Lease await() throws InterruptedException;

        /** As {@link #await}, but gives null after {@code millis}. */
        @Nullable
        Lease await(long millis) throws InterruptedException;
    }

    /**
     * Applies one chunk.
     *
     * @param sourceId the number of the input that the chunk comes from
     * @param entity what the input holds
     * @param decoded what the chunk's rows are decoded to; each walk over it decodes them again, so that nothing has to
     *     be kept
     * @param records gives a row by its position
     * @throws FencedException when another process claimed the input since; nothing was changed
     */
    BatchResult apply(
            int sourceId,
            Entity entity,
            Iterable<? extends Decoded> decoded,
            LongFunction<SourceRecord> records,
            Checkpoint to,
            Turn turn)
            throws SQLException, InterruptedException;

    /**
     * Ends the load after the last chunk of every input: from then on the inputs are completed, and the store is as the
     * migrations made it with all rows in it. Where it failed it can be called again, and does what is left.
     *
     * @param inputs the claims of all inputs as their last chunks left them
     * @throws FencedException when an input is elsewhere: another process claimed it, or a crash took back its last chunks
     */
    void finish(List<Lease> inputs) throws SQLException, InterruptedException;

    /** For people: how the rows get in. */
    String description();
}
