package txlookup.proof.store;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import txlookup.apply.decode.CanonicalDigest;
import txlookup.apply.model.Entity;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.PaymentOrder;
import txlookup.apply.model.Snapshot;
import txlookup.apply.model.Snapshot.Origin;
import txlookup.proof.compare.KeyHash;
import txlookup.proof.compare.Row;
import txlookup.proof.compare.StoredVersion;

/**
 * A stored row in the bytes of {@code COPY ... TO STDOUT (FORMAT binary)}, digested from its columns as they lie there.
 * One object shows all rows of a scan, one after the other.
 */
final class StoredRow implements Row {
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

    private final Entity entity;
    private final StoredTable table;
    private final int[] at;
    private final int[] length;
    private final CanonicalDigest canonical = new CanonicalDigest();
    private final StoredNumeric numeric = new StoredNumeric();
    private byte[] bytes = new byte[0];
    private ByteBuffer buffer = ByteBuffer.wrap(bytes);
    private long digest;

    StoredRow(Entity entity) {
        this.entity = entity;
        this.table = StoredTable.of(entity);
        this.at = new int[table.columns()];
        this.length = new int[table.columns()];
    }

    void read(byte[] message) {
        bytes = message;
        buffer = ByteBuffer.wrap(message);
        int position = Short.BYTES;
        for (int column = 0; column < at.length; column++) {
            length[column] = buffer.getInt(position);
            position += Integer.BYTES;
            at[column] = position;
            position += Math.max(length[column], 0);
        }
        digest = digestOfFields();
    }

    private long digestOfFields() {
        for (int column = 0; column < table.digest(); column++) {
            if (length[column] < 0) {
                canonical.absent();
                continue;
            }
            switch (table.fields().get(column).type()) {
                case TEXT -> canonical.utf8(bytes, at[column], length[column]);
                case NUMERIC -> {
                    numeric.read(buffer, at[column]);
                    canonical.utf8(numeric.text(), 0, numeric.length());
                }
                case TIME -> canonical.number(micros(column));
                case INTEGER -> canonical.number(buffer.getLong(at[column]));
            }
        }
        return canonical.finish();
    }

    private long micros(int column) {
        return buffer.getLong(at[column]) + POSTGRES_EPOCH_MICROS;
    }

    String key() {
        return text(0);
    }

    @Override
    public long keyHash() {
        return KeyHash.of(bytes, at[0], length[0]);
    }

    @Override
    public long digest() {
        return digest;
    }

    @Override
    public long orderMicros() {
        return micros(length[table.updatedAt()] < 0 ? table.createdAt() : table.updatedAt());
    }

    @Override
    public boolean isIntact() {
        return buffer.getLong(at[table.digest()]) == digest;
    }

    @Override
    public StoredVersion held() {
        Origin origin = new Origin(buffer.getLong(at[table.digest() + 2]), time(table.digest() + 1), digest);
        Snapshot snapshot =
                switch (entity) {
                    case LEDGER_ENTRY -> ledgerEntry(origin);
                    case PAYMENT_ORDER -> paymentOrder(origin);
                };
        return new StoredVersion(snapshot, buffer.getLong(at[table.digest()]));
    }

    private LedgerEntry ledgerEntry(Origin origin) {
        return new LedgerEntry(
                text(0),
                text(1),
                text(2),
                decimal(3),
                decimalOrNull(4),
                textOrNull(5),
                textOrNull(6),
                time(7),
                time(8),
                timeOrNull(9),
                integerOrNull(10),
                origin);
    }

    private PaymentOrder paymentOrder(Origin origin) {
        return new PaymentOrder(
                text(0),
                textOrNull(1),
                textOrNull(2),
                decimal(3),
                text(4),
                time(5),
                timeOrNull(6),
                integerOrNull(7),
                origin);
    }

    private String text(int column) {
        return new String(bytes, at[column], length[column], StandardCharsets.UTF_8);
    }

    private @Nullable String textOrNull(int column) {
        return length[column] < 0 ? null : text(column);
    }

    private BigDecimal decimal(int column) {
        numeric.read(buffer, at[column]);
        if (!numeric.isFinite()) {
            // Not a number, so none can be shown; the row contradicts its digest all the same.
            return BigDecimal.ZERO;
        }
        return new BigDecimal(new String(numeric.text(), 0, numeric.length(), StandardCharsets.US_ASCII));
    }

    private @Nullable BigDecimal decimalOrNull(int column) {
        return length[column] < 0 ? null : decimal(column);
    }

    private Instant time(int column) {
        long micros = micros(column);
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }

    private @Nullable Instant timeOrNull(int column) {
        return length[column] < 0 ? null : time(column);
    }

    private @Nullable Long integerOrNull(int column) {
        return length[column] < 0 ? null : Long.valueOf(buffer.getLong(at[column]));
    }
}
