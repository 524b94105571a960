package txlookup.fuzz.input;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;
import txlookup.apply.model.SourceHeaders;
import txlookup.apply.model.SourceRecord;

/**
 * A record as it may arrive.
 *
 * @param millis the record's own timestamp, as Kafka carries it
 */
@SuppressWarnings("ArrayRecordComponent") // Handed through untouched; inputs are never compared.
public record FuzzInput(
        Topic topic, long millis, List<Header> headers, byte @Nullable [] key, byte @Nullable [] value) {
    /** A timestamp of which nothing is to be said. */
    public static final long USUAL_TIME = Instant.parse("2026-02-05T01:00:00Z").toEpochMilli();

    /** Which topic it lies in. */
    public enum Topic {
        LEDGER,
        ORDERS,
        UNKNOWN;

        public @Nullable Entity entity() {
            return switch (this) {
                case LEDGER -> Entity.LEDGER_ENTRY;
                case ORDERS -> Entity.PAYMENT_ORDER;
                case UNKNOWN -> null;
            };
        }
    }

    /** One of a record's headers. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Header(String name, byte @Nullable [] value) {}

    static FuzzInput of(Topic topic, byte @Nullable [] value) {
        return new FuzzInput(topic, USUAL_TIME, List.of(), null, value);
    }

    FuzzInput withValue(byte @Nullable [] other) {
        return new FuzzInput(topic, millis, headers, key, other);
    }

    public Instant time() {
        return Instant.ofEpochMilli(millis);
    }

    /** As the consumer hands it to the decoder. */
    public SourceRecord at(long position) {
        return new SourceRecord(position, time(), key, value, SourceHeaders.ofJson(headersAsJson()));
    }

    @Nullable
    public String headersAsJson() {
        return headers.isEmpty()
                ? null
                : headers.stream()
                        .map(header -> "{\"key\":\"%s\",\"value\":%s}"
                                .formatted(
                                        base64(header.name().getBytes(StandardCharsets.UTF_8)),
                                        header.value() == null ? "null" : "\"" + base64(header.value()) + "\""))
                        .collect(Collectors.joining(",", "[", "]"));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
