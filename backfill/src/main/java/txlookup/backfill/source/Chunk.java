package txlookup.backfill.source;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.SourceRecord;

/**
 * Consecutive rows of an input.
 *
 * @param records the rows
 * @param refused rows that could not be read whole, such as a line without an end; they are dead letters already
 * @param nextPosition the first row after them
 * @param resumeFrom what opens the input there again; null where counting rows does
 * @param bytes what the rows weigh
 * @param done how much of the input's size was read up to the end of this chunk
 * @param last whether nothing follows
 */
public record Chunk(
        List<SourceRecord> records,
        List<DeadLetter> refused,
        long nextPosition,
        @Nullable String resumeFrom,
        long bytes,
        long done,
        boolean last) {
    public Chunk {
        records = List.copyOf(records);
        refused = List.copyOf(refused);
    }

    /** All rows, the refused ones included, each decoded when it is reached. */
    public Stream<Decoded> decoded(Function<SourceRecord, Decoded> decoder) {
        return Stream.concat(records.stream().map(decoder), refused.stream());
    }

    public SourceRecord recordAt(long position) {
        return Stream.concat(records.stream(), refused.stream().map(DeadLetter::record))
                .filter(record -> record.position() == position)
                .findFirst()
                .orElseThrow();
    }

    /** The source time of the rows; null where there are none. */
    public @Nullable Instant newest() {
        return Stream.concat(records.stream(), refused.stream().map(DeadLetter::record))
                .findFirst()
                .map(SourceRecord::time)
                .orElse(null);
    }
}
