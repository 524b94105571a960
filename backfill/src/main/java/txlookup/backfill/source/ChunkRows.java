package txlookup.backfill.source;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.SourceRecord;

/** Gathers the rows of a chunk until it has as many rows, or bytes, as it may. */
final class ChunkRows {
    /** Nothing that the contract knows is as long: a longer row is set aside, and only its beginning is kept. */
    static final int LONGEST_ROW = 16 << 20;

    /** How much of a longer row is kept. */
    static final int KEPT = 64 << 10;

    private final int mostRows;
    private final long mostBytes;
    private final Instant readAt;
    private final List<SourceRecord> records = new ArrayList<>();
    private final List<DeadLetter> refused = new ArrayList<>(0);
    private long bytes;

    ChunkRows(int mostRows, long mostBytes, Instant readAt) {
        this.mostRows = mostRows;
        this.mostBytes = mostBytes;
        this.readAt = readAt;
    }

    boolean hasRoom() {
        return records.size() + refused.size() < mostRows && bytes < mostBytes;
    }

    void add(long position, byte[] row) {
        if (row.length > LONGEST_ROW) {
            add(position, Arrays.copyOf(row, KEPT), row.length);
        } else {
            records.add(new SourceRecord(position, readAt, row));
            bytes += row.length;
        }
    }

    /**
     * Adds a row that is too long.
     *
     * @param beginning its first bytes
     */
    void add(long position, byte[] beginning, long length) {
        refused.add(new DeadLetter(
                new SourceRecord(position, readAt, beginning),
                DeadLetter.Reason.VALUE_OUT_OF_RANGE,
                "the row has %,d bytes, more than the %,d that one may have; its first %,d are kept"
                        .formatted(length, LONGEST_ROW, beginning.length)));
        bytes += beginning.length;
    }

    Chunk chunk(long nextPosition, @Nullable String resumeFrom, long done, boolean last) {
        return new Chunk(records, refused, nextPosition, resumeFrom, bytes, done, last);
    }
}
