package txlookup.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.api.Explanation.Coverage;

/** Reasons: a stable code, and a sentence for a person. */
record Why(String reason, String explanation) {

    static Why paired(PairingStatus status, LedgerEntry entry, DeadLetters.Search dead, Coverage coverage) {
        Pairing pairing = entry.pairing();
        return switch (status) {
            case COMPLETE -> new Why("BOTH_SIDES", "both sides of the payment are here");
            case INCOMPLETE ->
                missingSide(pairing.senderWalletId() != null, pairing.receiverWalletId() != null, dead, coverage);
            case UNKNOWN -> unknown(entry);
        };
    }

    static Why paired(PaymentOrder order, DeadLetters.Search dead, Coverage coverage) {
        return switch (order.pairingStatus()) {
            case COMPLETE -> new Why("BOTH_SIDES", "both sides of the payment are here");
            case UNKNOWN -> new Why("NO_ENTRIES", "no ledger entry names this order; " + notArrived(dead, coverage));
            case INCOMPLETE -> {
                RelatedPayment related = order.entries().get(0).relatedPayment();
                yield missingSide(related.payment() != null, related.receive() != null, dead, coverage);
            }
        };
    }

    /** @param at when it is said to have happened, if the caller knows */
    static Why absent(DeadLetters.Search dead, Coverage coverage, Optional<Instant> at) {
        if (!dead.found().isEmpty()) {
            return new Why(
                    "IN_DEAD_LETTERS",
                    "a record that names it could not be applied: dead letter %d, %s"
                            .formatted(
                                    dead.found().get(0).deadLetterId(),
                                    dead.found().get(0).reason()));
        }
        if (coverage.generation() == null) {
            return new Why("NO_ACTIVE_GENERATION", "no generation is active, so nothing can be told from its absence");
        }
        Instant asOf = coverage.dataAsOf();
        if (at.isPresent() && asOf != null && at.get().isAfter(asOf)) {
            return new Why("AHEAD_OF_WATERMARK", "the data is as of %s, and this is later; ask again".formatted(asOf));
        }
        if (coverage.history().equals("LOADING")) {
            return new Why("BACKFILL_INCOMPLETE", "the backfill is still loading; it may come with it");
        }
        Instant start = coverage.streamStart();
        if (at.isPresent()
                && coverage.history().equals("FROM_STREAM_START")
                && start != null
                && at.get().isBefore(start)) {
            return new Why("OLDER_THAN_COVERAGE", "only what happened since %s was loaded".formatted(start));
        }
        return new Why("NEVER_SEEN", "no record with this id was ever applied; " + bounds(coverage));
    }

    static @Nullable String statusReason(@Nullable String status, Pairing pairing) {
        if (status != null) {
            return StatusGroup.of(status) == StatusGroup.UNKNOWN ? "STATUS_NOT_KNOWN" : null;
        }
        return pairing.status() == PairingStatus.UNKNOWN ? "NO_PAYMENT_ORDER" : "ORDER_MISSING";
    }

    private static Why unknown(LedgerEntry entry) {
        if (entry.relatedId() == null) {
            return new Why("RELATED_ID_MISSING", "the entry names nothing that it belongs to");
        }
        if (entry.relatedType() == null) {
            return new Why(
                    "RELATED_TYPE_UNKNOWN",
                    "the entry does not say what its related_id is, and no payment order has that id");
        }
        return new Why(
                "NOT_A_PAYMENT_ORDER", "the entry belongs to a %s, which does not pair".formatted(entry.relatedType()));
    }

    private static Why missingSide(boolean payment, boolean receive, DeadLetters.Search dead, Coverage coverage) {
        if (payment == receive) {
            return new Why(
                    "NEITHER_SIDE",
                    "entries are here, but neither PAYMENT nor RECEIVE pairs; " + notArrived(dead, coverage));
        }
        return new Why(
                payment ? "RECEIVE_MISSING" : "PAYMENT_MISSING",
                "the %s side is not here; %s".formatted(payment ? "RECEIVE" : "PAYMENT", notArrived(dead, coverage)));
    }

    private static String notArrived(DeadLetters.Search dead, Coverage coverage) {
        List<DeadLetters.Found> found = dead.found();
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
