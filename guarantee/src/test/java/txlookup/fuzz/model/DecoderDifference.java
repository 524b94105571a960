package txlookup.fuzz.model;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.PaymentOrder;
import txlookup.apply.model.Snapshot;
import txlookup.apply.model.SourceRecord;

/** What the product made of a record, held against the judgement. */
public final class DecoderDifference {
    private static final int LONGEST_DETAIL = 500;

    private DecoderDifference() {}

    /** In words; null where there is none. */
    public static @Nullable String between(ContractJudgement wanted, Decoded decoded, SourceRecord record) {
        if (decoded instanceof Snapshot snapshot) {
            return ofSnapshot(wanted, snapshot, record);
        }
        if (decoded instanceof DeadLetter letter) {
            return ofDeadLetter(wanted, letter, record);
        }
        return wanted instanceof ContractJudgement.Canary ? null : "a marker, wanted " + wanted;
    }

    private static @Nullable String ofSnapshot(ContractJudgement wanted, Snapshot snapshot, SourceRecord record) {
        if (!(wanted instanceof ContractJudgement.Row row)) {
            return "%s, wanted %s".formatted(snapshot, wanted);
        }
        List<Object> fields = fields(snapshot);
        if (row.ledger() != snapshot instanceof LedgerEntry || !fields.equals(row.fields())) {
            return "%s, wanted %s".formatted(fields, row.fields());
        }
        Snapshot.Origin origin = snapshot.origin();
        if (origin.position() != record.position() || !origin.time().equals(row.time())) {
            return "%s, wanted position %d at %s".formatted(origin, record.position(), row.time());
        }
        return origin.digest() == row.digest() ? null : "digest %d, wanted %d".formatted(origin.digest(), row.digest());
    }

    private static List<Object> fields(Snapshot snapshot) {
        if (snapshot instanceof LedgerEntry entry) {
            return Arrays.asList(
                    entry.txId(),
                    entry.walletId(),
                    entry.entryType(),
                    entry.amount(),
                    entry.amountSigned(),
                    entry.relatedId(),
                    entry.relatedType(),
                    entry.eventTime(),
                    entry.createdAt(),
                    entry.updatedAt(),
                    entry.version());
        }
        PaymentOrder order = (PaymentOrder) snapshot;
        return Arrays.asList(
                order.orderId(),
                order.userId(),
                order.merchantName(),
                order.amount(),
                order.status(),
                order.createdAt(),
                order.updatedAt(),
                order.version());
    }

    private static @Nullable String ofDeadLetter(ContractJudgement wanted, DeadLetter letter, SourceRecord record) {
        String detail = letter.detail();
        if (!(wanted instanceof ContractJudgement.Refused refused)
                || !refused.reason().equals(letter.reason().wireName())) {
            return "%s (%s), wanted %s".formatted(letter.reason().wireName(), detail, wanted);
        }
        if (!isStorable(detail)) {
            return "a detail of %d characters that no store and no log can hold: %s".formatted(detail.length(), detail);
        }
        SourceRecord kept = letter.record();
        return kept.position() == record.position()
                        && Arrays.equals(kept.key(), record.key())
                        && Arrays.equals(kept.value(), record.value())
                ? null
                : "the dead letter is not of this record";
    }

    /** docs/contract.md: no control character, at most 500 characters, text that any store can hold. */
    private static boolean isStorable(String detail) {
        return detail.length() <= LONGEST_DETAIL
                && detail.codePoints().noneMatch(c -> Character.isISOControl(c) || (c >= 0xd800 && c < 0xe000));
    }
}
