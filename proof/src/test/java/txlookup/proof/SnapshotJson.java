package txlookup.proof;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.PaymentOrder;
import txlookup.apply.model.Snapshot;

/** A snapshot as the event that would bring it, with some fields replaced. */
public final class SnapshotJson {
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, @Nullable String> fields = new LinkedHashMap<>();

    public SnapshotJson(Snapshot snapshot) {
        if (snapshot instanceof LedgerEntry entry) {
            put("tx_id", entry.txId());
            put("wallet_id", entry.walletId());
            put("entry_type", entry.entryType());
            put("amount", entry.amount().toPlainString());
            put("amount_signed", entry.amountSigned());
            put("related_id", entry.relatedId());
            put("related_type", entry.relatedType());
            put("event_time", entry.eventTime());
            put("created_at", entry.createdAt());
        } else if (snapshot instanceof PaymentOrder order) {
            put("order_id", order.orderId());
            put("user_id", order.userId());
            put("merchant_name", order.merchantName());
            put("amount", order.amount().toPlainString());
            put("status", order.status());
            put("created_at", order.createdAt());
        }
        put("updated_at", snapshot.updatedAt());
        put("version", snapshot.version());
    }

    public SnapshotJson put(String field, @Nullable Object value) {
        fields.put(field, value == null ? null : value.toString());
        return this;
    }

    /** Another version, so many later (or earlier, where negative). */
    public SnapshotJson version(Snapshot of, long more, Instant updatedAt) {
        Long version = of.version();
        return put("version", (version == null ? 0 : version) + more).put("updated_at", updatedAt);
    }

    public byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(320);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            fields.forEach((name, value) -> {
                if (value != null) {
                    json.writeStringProperty(name, value);
                }
            });
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }
}
