package txlookup.proof.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.PaymentOrder;

/** Names the fields in which two rows of one key differ, as docs/contract.md names them. */
public final class FieldDiff {
    private final List<String> names = new ArrayList<>();

    private FieldDiff() {}

    /** Their names; {@code digest} where only what is stored beside the fields differs, none where one is missing. */
    public static List<String> between(@Nullable StoredVersion one, @Nullable StoredVersion other) {
        if (one == null || other == null) {
            return List.of();
        }
        FieldDiff fields = new FieldDiff();
        if (one.snapshot() instanceof LedgerEntry a && other.snapshot() instanceof LedgerEntry b) {
            fields.compare(a, b);
        } else if (one.snapshot() instanceof PaymentOrder a && other.snapshot() instanceof PaymentOrder b) {
            fields.compare(a, b);
        }
        return fields.names.isEmpty() ? List.of("digest") : fields.names;
    }

    private void compare(LedgerEntry a, LedgerEntry b) {
        field("wallet_id", a.walletId(), b.walletId());
        field("entry_type", a.entryType(), b.entryType());
        field("amount", a.amount(), b.amount());
        field("amount_signed", a.amountSigned(), b.amountSigned());
        field("related_id", a.relatedId(), b.relatedId());
        field("related_type", a.relatedType(), b.relatedType());
        field("event_time", a.eventTime(), b.eventTime());
        field("created_at", a.createdAt(), b.createdAt());
        field("updated_at", a.updatedAt(), b.updatedAt());
        field("version", a.version(), b.version());
    }

    private void compare(PaymentOrder a, PaymentOrder b) {
        field("user_id", a.userId(), b.userId());
        field("merchant_name", a.merchantName(), b.merchantName());
        field("amount", a.amount(), b.amount());
        field("status", a.status(), b.status());
        field("created_at", a.createdAt(), b.createdAt());
        field("updated_at", a.updatedAt(), b.updatedAt());
        field("version", a.version(), b.version());
    }

    /** Decimals by equals: 10.0 and 10.00 differ, for the scale is kept as sent. */
    private void field(String name, @Nullable Object a, @Nullable Object b) {
        if (!Objects.equals(a, b)) {
            names.add(name);
        }
    }
}
