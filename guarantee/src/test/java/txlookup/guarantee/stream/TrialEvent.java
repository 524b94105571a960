package txlookup.guarantee.stream;

import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A record that is to be published, or that lies in the log.
 *
 * @param ledger whether it belongs in the ledger's topic, else in that of the payment orders
 * @param offset where it lies in its partition; -1 before it is published
 * @param time the record's timestamp, as the producer's clock tells it
 */
@SuppressWarnings("ArrayRecordComponent") // Handed through untouched; events are never compared.
public record TrialEvent(
        boolean ledger, int partition, long offset, Instant time, byte @Nullable [] key, byte @Nullable [] value) {
    /** Where it lies, the same in every message. */
    public String place() {
        return (ledger ? "ledger-" : "orders-") + partition + "@" + offset;
    }

    /** All but where it lies. */
    public String content() {
        return "%s %d %s %s %s"
                .formatted(ledger, partition, time.toEpochMilli(), Arrays.toString(key), Arrays.toString(value));
    }
}
