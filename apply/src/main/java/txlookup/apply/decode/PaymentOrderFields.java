package txlookup.apply.decode;

import java.math.BigDecimal;
import java.time.Instant;
import txlookup.profiles.events.EventProfile;

/** The fields of a payment order, bound to the members that an event profile reads them from. */
final class PaymentOrderFields {
    final EventReader reader;
    final Field<String> orderId;
    final Field<String> userId;
    final Field<String> merchantName;
    final Field<BigDecimal> amount;
    final Field<String> status;
    final Field<Instant> createdAt;
    final Field<Instant> updatedAt;
    final Field<Long> version;

    PaymentOrderFields(EventProfile profile) {
        reader = new EventReader(profile);
        FieldBinding fields = new FieldBinding(reader, profile.paymentOrder());
        orderId = fields.identifier("order_id");
        userId = fields.text("user_id");
        merchantName = fields.text("merchant_name");
        amount = fields.decimal("amount");
        status = fields.text("status");
        createdAt = fields.time("created_at");
        updatedAt = fields.time("updated_at");
        version = fields.integer("version");
    }
}
