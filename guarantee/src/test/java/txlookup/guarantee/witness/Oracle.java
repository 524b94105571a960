package txlookup.guarantee.witness;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import txlookup.guarantee.stream.TrialEvent;
import txlookup.guarantee.stream.Values;

/** What the store has to hold: a sequential fold of the whole log, written from docs/contract.md alone. */
public final class Oracle {
    /**
     * A row that is wanted.
     *
     * @param columns the contract's fields in its order, then {@code source_time} and {@code digest}; times in microseconds
     * @param places the records that say exactly this at exactly this time: the row may name any of them as its origin
     */
    public record Row(
            List<String> columns,
            @Nullable Instant updatedAt,
            @Nullable Long version,
            Instant time,
            long digest,
            Set<String> places) {}

    private static final Instant FIRST_TIME = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant END_OF_TIME = Instant.parse("+10000-01-01T00:00:00Z");

    public final Map<String, Row> ledgerEntries = new TreeMap<>();
    public final Map<String, Row> paymentOrders = new TreeMap<>();
    /** The reason of each bad record, by its place. */
    public final Map<String, String> deadLetters = new TreeMap<>();

    public final Map<String, TrialEvent> bad = new TreeMap<>();

    public Oracle(List<TrialEvent> log) {
        Instant bound = Instant.now().plus(Duration.ofHours(1));
        for (TrialEvent event : log) {
            try {
                List<?> fields = fields(event.ledger(), new Values(event.value()));
                Row row = row(fields, event, bound);
                (event.ledger() ? ledgerEntries : paymentOrders).merge((String) fields.get(0), row, Oracle::winner);
            } catch (Values.Refused e) {
                deadLetters.put(event.place(), e.getMessage());
                bad.put(event.place(), event);
            }
        }
    }

    private static List<?> fields(boolean ledger, Values values) {
        if (!ledger) {
            return Arrays.asList(
                    Values.required(values.text("order_id")),
                    values.text("user_id"),
                    values.text("merchant_name"),
                    Values.required(values.decimal("amount")),
                    Values.required(values.text("status")),
                    Values.required(values.time("created_at")),
                    values.time("updated_at"),
                    values.integer("version", "source_version"));
        }
        Instant aliased = values.time("event_time", "source_created_at");
        Instant created = values.time("created_at");
        Instant sourceCreated = values.time("source_created_at");
        Instant eventTime = Values.required(aliased != null ? aliased : created);
        return Arrays.asList(
                Values.required(values.text("tx_id")),
                Values.required(values.text("wallet_id")),
                Values.required(values.text("entry_type", "type")),
                Values.required(values.decimal("amount")),
                values.decimal("amount_signed"),
                values.text("related_id"),
                values.text("related_type"),
                eventTime,
                created != null ? created : sourceCreated != null ? sourceCreated : eventTime,
                values.time("updated_at"),
                values.integer("version", "source_version"));
    }

    private static Row row(List<?> fields, TrialEvent event, Instant bound) {
        Instant updatedAt = (Instant) fields.get(fields.size() - 2);
        if (updatedAt != null && updatedAt.isAfter(bound)) {
            throw new Values.Refused("future_timestamp");
        }
        if (event.time().isBefore(FIRST_TIME) || !event.time().isBefore(END_OF_TIME)) {
            throw new Values.Refused("value_out_of_range");
        }
        long digest = digest(fields);
        List<String> columns = new ArrayList<>();
        fields.forEach(field -> columns.add(shown(field)));
        columns.add(shown(event.time()));
        columns.add(Long.toString(digest));
        Set<String> places = new TreeSet<>(Set.of(event.place()));
        return new Row(columns, updatedAt, (Long) fields.get(fields.size() - 1), event.time(), digest, places);
    }

    /** docs/contract.md, Which snapshot wins: the first criterion that differs decides. */
    private static Row winner(Row a, Row b) {
        int order = Boolean.compare(a.updatedAt != null || a.version != null, b.updatedAt != null || b.version != null);
        order = order != 0 ? order : compare(a.updatedAt, b.updatedAt);
        order = order != 0 ? order : compare(a.version, b.version);
        order = order != 0 ? order : a.time.compareTo(b.time);
        order = order != 0 ? order : Long.compare(a.digest, b.digest);
        if (order == 0) {
            a.places.addAll(b.places);
        }
        return order < 0 ? b : a;
    }

    private static <T extends Comparable<T>> int compare(@Nullable T a, @Nullable T b) {
        return a == null || b == null ? Boolean.compare(a != null, b != null) : a.compareTo(b);
    }

    private static @Nullable String shown(@Nullable Object field) {
        if (field instanceof Instant time) {
            return Long.toString(micros(time));
        }
        return field instanceof BigDecimal decimal ? decimal.toPlainString() : field == null ? null : field.toString();
    }

    private static long micros(Instant time) {
        return time.getEpochSecond() * 1_000_000 + time.getNano() / 1000;
    }

    /** The canonical content: each field after its length, -1 for none; whole numbers and times are 8 bytes. */
    private static long digest(List<?> fields) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(content)) {
            for (Object field : fields) {
                if (field instanceof Long || field instanceof Instant) {
                    out.writeInt(Long.BYTES);
                    out.writeLong(field instanceof Long number ? number : micros((Instant) field));
                } else {
                    byte[] text = field == null ? null : shown(field).getBytes(StandardCharsets.UTF_8);
                    out.writeInt(text == null ? -1 : text.length);
                    out.write(text == null ? new byte[0] : text);
                }
            }
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(content.toByteArray()))
                    .getLong();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
