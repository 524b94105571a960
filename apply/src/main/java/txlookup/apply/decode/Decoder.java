package txlookup.apply.decode;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.DeadLetter.Reason;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.Marker;
import txlookup.apply.model.PaymentOrder;
import txlookup.apply.model.Snapshot;
import txlookup.apply.model.Snapshot.Origin;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.model.StorableTime;
import txlookup.profiles.events.EventProfile;

/**
 * Decodes records to snapshots by docs/contract.md, with the field names of an event profile. Whatever is refused comes
 * back as a dead letter, and a marker event as a marker before its value is looked at; decoding never throws for a
 * record's content. A decoder belongs to one thread.
 */
public final class Decoder {
    private static final String NO_CANARY = "";

    private final Duration maxFutureSkew;
    private final Clock clock;
    private final String canary;
    private final CanonicalDigest digest = new CanonicalDigest();
    private final LedgerEntryFields ledgerEntry;
    private final PaymentOrderFields paymentOrder;

    /**
     * A decoder of rows and records that no canary publishes.
     *
     * @param maxFutureSkew how far {@code updated_at} may be ahead of {@code clock} before the record is refused
     * @param clock the reader's clock
     */
    public Decoder(EventProfile profile, Duration maxFutureSkew, Clock clock) {
        this(profile, maxFutureSkew, clock, NO_CANARY);
    }

    /** @param canary what this environment's canaries mark their records with */
    public Decoder(EventProfile profile, Duration maxFutureSkew, Clock clock, String canary) {
        this.maxFutureSkew = maxFutureSkew;
        this.clock = clock;
        this.canary = canary;
        this.ledgerEntry = new LedgerEntryFields(profile);
        this.paymentOrder = new PaymentOrderFields(profile);
    }

    /**
     * Decodes one record.
     *
     * @param entity what the record's topic or input holds; null for a topic that the profile does not know
     */
    public Decoded decode(@Nullable Entity entity, SourceRecord record) {
        Optional<Marker> marker = Marker.of(record, canary);
        if (marker.isPresent()) {
            return marker.get();
        }
        try {
            if (entity == null) {
                throw new Refusal(Reason.UNSUPPORTED_TOPIC, "the event profile knows no such topic");
            }
            byte[] value = record.value();
            if (value == null) {
                throw new Refusal(Reason.TOMBSTONE, "a record without a value");
            }
            Snapshot snapshot =
                    switch (entity) {
                        case LEDGER_ENTRY -> ledgerEntry(record, value);
                        case PAYMENT_ORDER -> paymentOrder(record, value);
                    };
            if (!StorableTime.isStorable(record.time())) {
                throw Refusal.outOfRange(
                        "the record's own timestamp: outside the years 0001 to 9999: " + record.time());
            }
            return snapshot;
        } catch (Refusal refusal) {
            return new DeadLetter(record, refusal.reason, refusal.getMessage());
        }
    }

    private LedgerEntry ledgerEntry(SourceRecord record, byte[] value) {
        LedgerEntryFields fields = ledgerEntry;
        fields.reader.read(value);
        String txId = fields.txId.required();
        String walletId = fields.walletId.required();
        String entryType = fields.entryType.required();
        var amount = fields.amount.required();
        var amountSigned = fields.amountSigned.optional();
        String relatedId = fields.relatedId.optional();
        String relatedType = fields.relatedType.optional();
        Instant eventTime = fields.eventTime.required();
        Instant createdAt = fields.createdAt.required();
        Instant updatedAt = notInFuture(fields.updatedAt.optional());
        Long version = fields.version.optional();
        long content = digest.text(txId)
                .text(walletId)
                .text(entryType)
                .decimal(amount)
                .decimal(amountSigned)
                .text(relatedId)
                .text(relatedType)
                .time(eventTime)
                .time(createdAt)
                .time(updatedAt)
                .number(version)
                .finish();
        return new LedgerEntry(
                txId,
                walletId,
                entryType,
                amount,
                amountSigned,
                relatedId,
                relatedType,
                eventTime,
                createdAt,
                updatedAt,
                version,
                new Origin(record.position(), record.time(), content));
    }

    private PaymentOrder paymentOrder(SourceRecord record, byte[] value) {
        PaymentOrderFields fields = paymentOrder;
        fields.reader.read(value);
        String orderId = fields.orderId.required();
        String userId = fields.userId.optional();
        String merchantName = fields.merchantName.optional();
        var amount = fields.amount.required();
        String status = fields.status.required();
        Instant createdAt = fields.createdAt.required();
        Instant updatedAt = notInFuture(fields.updatedAt.optional());
        Long version = fields.version.optional();
        long content = digest.text(orderId)
                .text(userId)
                .text(merchantName)
                .decimal(amount)
                .text(status)
                .time(createdAt)
                .time(updatedAt)
                .number(version)
                .finish();
        return new PaymentOrder(
                orderId,
                userId,
                merchantName,
                amount,
                status,
                createdAt,
                updatedAt,
                version,
                new Origin(record.position(), record.time(), content));
    }

    private @Nullable Instant notInFuture(@Nullable Instant updatedAt) {
        if (updatedAt != null && updatedAt.isAfter(clock.instant().plus(maxFutureSkew))) {
            throw new Refusal(
                    Reason.FUTURE_TIMESTAMP,
                    "updated_at: %s is more than %s ahead of the reader's clock; replay it once its time has come"
                            .formatted(updatedAt, maxFutureSkew));
        }
        return updatedAt;
    }
}
