package txlookup.apply.store.repair;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored row as somebody read it, to be acted on only while it is still that.
 *
 * @param key {@code tx_id} or {@code order_id}
 * @param digest the row's column, whether or not it fits the other columns
 */
public record SeenRow(
        String key, @Nullable Instant updatedAt, @Nullable Long version, long digest) {}
