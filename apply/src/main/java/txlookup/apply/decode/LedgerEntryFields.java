package txlookup.apply.decode;

import java.math.BigDecimal;
import java.time.Instant;
import txlookup.profiles.events.EventProfile;

/** The fields of a ledger entry, bound to the members that an event profile reads them from. */
final class LedgerEntryFields {
    final EventReader reader;
    final Field<String> txId;
    final Field<String> walletId;
    final Field<String> entryType;
    final Field<BigDecimal> amount;
    final Field<BigDecimal> amountSigned;
    final Field<String> relatedId;
    final Field<String> relatedType;
    final Field<Instant> eventTime;
    final Field<Instant> createdAt;
    final Field<Instant> updatedAt;
    final Field<Long> version;

    LedgerEntryFields(EventProfile profile) {
        reader = new EventReader(profile);
        FieldBinding fields = new FieldBinding(reader, profile.ledger());
        txId = fields.identifier("tx_id");
        walletId = fields.identifier("wallet_id");
        entryType = fields.text("entry_type");
        amount = fields.decimal("amount");
        amountSigned = fields.decimal("amount_signed");
        relatedId = fields.identifier("related_id");
        relatedType = fields.text("related_type");
        eventTime = fields.time("event_time");
        createdAt = fields.time("created_at");
        updatedAt = fields.time("updated_at");
        version = fields.integer("version");
    }
}
