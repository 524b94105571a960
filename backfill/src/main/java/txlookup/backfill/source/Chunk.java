package txlookup.backfill.source;

import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.apply.SourceRecord;

/**
 * Consecutive rows of an input.
 *
 * @param records the rows
 * @param nextPosition the first row after them
 * @param resumeFrom what opens the input there again; null where counting rows does
 * @param bytes what the rows weigh
 * @param done how much of the input's size was read up to the end of this chunk
 * @param last whether nothing follows
 */
public record Chunk(
        List<SourceRecord> records,
        long nextPosition,
        @Nullable String resumeFrom,
        long bytes,
        long done,
        boolean last) {
    public Chunk {
        records = List.copyOf(records);
    }
}
