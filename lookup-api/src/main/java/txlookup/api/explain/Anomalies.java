package txlookup.api.explain;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import txlookup.api.explain.Explanation.Anomaly;

/**
 * What is odd about a payment, beside the contract's status: more than one leg of a side (DUPLICATE_LEG), amounts of the
 * legs or the order that differ (AMOUNT_MISMATCH), a leg that belongs to no payment (ORPHAN_LEG), legs of an order that is
 * not there (ORDER_MISSING), one wallet on both sides (SELF_PAIR).
 */
final class Anomalies {
    private Anomalies() {}

    /** @param rows all that is stored of one payment: its entries, and its order if it is there */
    static List<Anomaly> of(List<Provenance> rows) {
        Optional<Provenance> order =
                rows.stream().filter(row -> !row.holdsEntry()).findFirst();
        List<Provenance> sides = rows.stream()
                .filter(row -> "PAYMENT".equals(row.entryType()) || "RECEIVE".equals(row.entryType()))
                .toList();
        List<Provenance> legs =
                sides.stream().filter(leg -> pairs(leg, order.isPresent())).toList();
        List<Provenance> orphans =
                sides.stream().filter(leg -> !pairs(leg, order.isPresent())).toList();
        List<Provenance> payments = side(legs, "PAYMENT");
        List<Provenance> receives = side(legs, "RECEIVE");
        List<Anomaly> found = new ArrayList<>();
        for (List<Provenance> side : List.of(payments, receives)) {
            if (side.size() > 1) {
                add(
                        found,
                        "DUPLICATE_LEG",
                        side.size() + " entries are the " + side.get(0).entryType() + " side",
                        side);
            }
        }
        if (Stream.concat(legs.stream(), order.stream())
                        .map(row -> new BigDecimal(row.amount()).stripTrailingZeros())
                        .distinct()
                        .count()
                > 1) {
            add(found, "AMOUNT_MISMATCH", "the amounts of the legs and the order are not all the same", legs);
        }
        if (!orphans.isEmpty()) {
            add(
                    found,
                    "ORPHAN_LEG",
                    "it belongs to no payment order: its related_id or related_type says none",
                    orphans);
        }
        if (!legs.isEmpty() && order.isEmpty()) {
            add(found, "ORDER_MISSING", "the payment order that the entries name is not there", legs);
        }
        List<Provenance> self = payments.stream()
                .filter(payment -> receives.stream()
                        .anyMatch(receive ->
                                receive.walletId() != null && receive.walletId().equals(payment.walletId())))
                .toList();
        if (!self.isEmpty()) {
            add(found, "SELF_PAIR", "the payer's wallet is the payee's wallet", legs);
        }
        return found;
    }

    private static boolean pairs(Provenance leg, boolean orderExists) {
        String type = leg.relatedType();
        return leg.relatedId() != null && (type == null ? orderExists : type.equals("PAYMENT_ORDER"));
    }

    private static List<Provenance> side(List<Provenance> legs, String type) {
        return legs.stream().filter(leg -> type.equals(leg.entryType())).toList();
    }

    private static void add(List<Anomaly> found, String code, String explanation, List<Provenance> entries) {
        found.add(new Anomaly(
                code, explanation, entries.stream().map(Provenance::id).toList()));
    }
}
