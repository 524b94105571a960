package txlookup.api.explain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.api.explain.Explanation.Coverage;
import txlookup.api.pairing.PairedEntry;
import txlookup.api.pairing.PairedOrder;
import txlookup.api.pairing.Pairing;
import txlookup.api.pairing.PairingStatus;
import txlookup.api.pairing.RelatedPayment;
import txlookup.api.query.StatusGroup;

/** Reasons: a stable code, and a sentence for a person. */
record AnswerReason(String reason, String explanation) {

    static AnswerReason paired(
            PairingStatus status, PairedEntry entry, DeadLetterSearch.Search dead, Coverage coverage) {
        Pairing pairing = entry.pairing();
        return switch (status) {
            case COMPLETE -> new AnswerReason("BOTH_SIDES", "both sides of the payment are here");
            case INCOMPLETE ->
                missingSide(pairing.senderWalletId() != null, pairing.receiverWalletId() != null, dead, coverage);
            case UNKNOWN -> unknown(entry);
        };
    }

    static AnswerReason paired(PairedOrder order, DeadLetterSearch.Search dead, Coverage coverage) {
        return switch (order.pairingStatus()) {
            case COMPLETE -> new AnswerReason("BOTH_SIDES", "both sides of the payment are here");
            case UNKNOWN ->
                new AnswerReason("NO_ENTRIES", "no ledger entry names this order; " + notArrived(dead, coverage));
            case INCOMPLETE -> {
                RelatedPayment related = order.entries().get(0).relatedPayment();
                yield missingSide(related.payment() != null, related.receive() != null, dead, coverage);
            }
        };
    }

    /** @param at when it is said to have happened, if the caller knows */
    static AnswerReason absent(DeadLetterSearch.Search dead, Coverage coverage, Optional<Instant> at) {
        if (!dead.found().isEmpty()) {
            return new AnswerReason(
                    "IN_DEAD_LETTERS",
                    "a record that names it could not be applied: dead letter %d, %s"
                            .formatted(
                                    dead.found().get(0).deadLetterId(),
                                    dead.found().get(0).reason()));
        }
        if (coverage.generation() == null) {
            return new AnswerReason(
                    "NO_ACTIVE_GENERATION", "no generation is active, so nothing can be told from its absence");
        }
        Instant asOf = coverage.dataAsOf();
        if (at.isPresent() && asOf != null && at.get().isAfter(asOf)) {
            return new AnswerReason(
                    "AHEAD_OF_WATERMARK", "the data is as of %s, and this is later; ask again".formatted(asOf));
        }
        if (coverage.history().equals("LOADING")) {
            return new AnswerReason("BACKFILL_INCOMPLETE", "the backfill is still loading; it may come with it");
        }
        Instant start = coverage.streamStart();
        if (at.isPresent()
                && coverage.history().equals("FROM_STREAM_START")
                && start != null
                && at.get().isBefore(start)) {
            return new AnswerReason("OLDER_THAN_COVERAGE", "only what happened since %s was loaded".formatted(start));
        }
        return new AnswerReason("NEVER_SEEN", "no record with this id was ever applied; " + bounds(coverage));
    }

    static @Nullable String statusReason(@Nullable String status, Pairing pairing) {
        if (status != null) {
            return StatusGroup.of(status) == StatusGroup.UNKNOWN ? "STATUS_NOT_KNOWN" : null;
        }
        return pairing.status() == PairingStatus.UNKNOWN ? "NO_PAYMENT_ORDER" : "ORDER_MISSING";
    }

    private static AnswerReason unknown(PairedEntry entry) {
        if (entry.relatedId() == null) {
            return new AnswerReason("RELATED_ID_MISSING", "the entry names nothing that it belongs to");
        }
        if (entry.relatedType() == null) {
            return new AnswerReason(
                    "RELATED_TYPE_UNKNOWN",
                    "the entry does not say what its related_id is, and no payment order has that id");
        }
        return new AnswerReason(
                "NOT_A_PAYMENT_ORDER", "the entry belongs to a %s, which does not pair".formatted(entry.relatedType()));
    }

    private static AnswerReason missingSide(
            boolean payment, boolean receive, DeadLetterSearch.Search dead, Coverage coverage) {
        if (payment == receive) {
            return new AnswerReason(
                    "NEITHER_SIDE",
                    "entries are here, but neither PAYMENT nor RECEIVE pairs; " + notArrived(dead, coverage));
        }
        return new AnswerReason(
                payment ? "RECEIVE_MISSING" : "PAYMENT_MISSING",
                "the %s side is not here; %s".formatted(payment ? "RECEIVE" : "PAYMENT", notArrived(dead, coverage)));
    }

    private static String notArrived(DeadLetterSearch.Search dead, Coverage coverage) {
        List<DeadLetterSearch.Found> found = dead.found();
        return found.isEmpty()
                ? "it is in no dead letter%s; %s"
                        .formatted(dead.allSearched() ? "" : " that was searched", bounds(coverage))
                : "dead letter %d, %s, may hold it"
                        .formatted(found.get(0).deadLetterId(), found.get(0).reason());
    }

    private static String bounds(Coverage coverage) {
        String upTo = coverage.dataAsOf() == null
                ? "up to when the data is complete is not known"
                : "what was published after %s may not have arrived".formatted(coverage.dataAsOf());
        return coverage.history().equals("FROM_STREAM_START") && coverage.streamStart() != null
                ? upTo + ", what happened before %s was not loaded".formatted(coverage.streamStart())
                : upTo;
    }
}
