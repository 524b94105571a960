package txlookup.apply.store.deadletter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.position.Source;

/**
 * A dead letter as the store keeps it.
 *
 * @param id its number
 * @param source the partition or backfill input that delivered it
 * @param entity what a backfill's input holds; null for a stream, where the topic tells
 * @param record the record with its bytes as they came; its position is the one in {@code source}
 * @param reason which rule refused it, as docs/contract.md names it
 * @param detail what was wrong, seen at the latest attempt
 * @param attempts how often it was replayed
 * @param settledBy who settled it; null while it is open
 * @param note why it was discarded; null otherwise
 */
public record StoredDeadLetter(
        long id,
        Source source,
        @Nullable Entity entity,
        SourceRecord record,
        String reason,
        String detail,
        DeadLetterState state,
        int attempts,
        Instant failedAt,
        @Nullable Instant settledAt,
        @Nullable String settledBy,
        @Nullable String note) {}
