package txlookup.api.console.page;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.api.explain.Explanation;
import txlookup.api.explain.Provenance;
import txlookup.api.pairing.PairedOrder;
import txlookup.api.query.StatusGroup;

/**
 * One payment, seen from one of its entries or from its order.
 *
 * @param own the entry that was asked for; null where an order was
 * @param payment the payer's side
 * @param receive the payee's side
 * @param others entries of it beyond the two sides
 * @param difference what the payee's amount is more than the payer's; null unless both are here
 */
record PaymentView(
        String type,
        String id,
        Explanation why,
        @Nullable Provenance own,
        @Nullable PairedOrder order,
        @Nullable Provenance payment,
        @Nullable Provenance receive,
        List<Provenance> others,
        @Nullable BigDecimal difference,
        List<Moment> timeline) {

    /**
     * Something that happened to one row.
     *
     * @param code happened, ordered, appended, extracted, applied or replayed
     * @param after time since the first of all
     */
    record Moment(Instant at, String code, Provenance row, Duration after) {}

    /** The two sides, by their ids. */
    record Sides(@Nullable String payment, @Nullable String receive) {}

    static PaymentView of(
            String type, String id, Explanation why, Optional<PairedOrder> order, Sides sides, List<Provenance> rows) {
        Provenance payment = named(rows, sides.payment());
        Provenance receive = named(rows, sides.receive());
        List<Provenance> others = rows.stream()
                .filter(row -> row.holdsEntry() && !row.equals(payment) && !row.equals(receive))
                .toList();
        BigDecimal difference = payment == null || receive == null
                ? null
                : new BigDecimal(receive.amount()).subtract(new BigDecimal(payment.amount()));
        return new PaymentView(
                type,
                id,
                why,
                type.equals("tx") ? named(rows, id) : null,
                order.orElse(null),
                payment,
                receive,
                others,
                difference,
                timeline(rows));
    }

    /** COMPLETE, INCOMPLETE, UNKNOWN or NOT_FOUND. */
    public String band() {
        return why.pairingStatus() == null ? "NOT_FOUND" : why.pairingStatus().name();
    }

    /** The order's id, whether or not the order is here. */
    public @Nullable String orderId() {
        if (type.equals("order")) {
            return id;
        }
        return own == null ? null : own.relatedId();
    }

    public StatusGroup statusGroup() {
        return StatusGroup.of(order == null ? null : order.status());
    }

    public boolean sameAmounts() {
        return difference != null && difference.signum() == 0;
    }

    private static @Nullable Provenance named(List<Provenance> rows, @Nullable String id) {
        return rows.stream()
                .filter(row -> row.holdsEntry() && row.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    private static List<Moment> timeline(List<Provenance> rows) {
        List<Moment> moments = new ArrayList<>();
        for (Provenance row : rows) {
            Instant happened = row.eventTime();
            add(moments, happened == null ? row.createdAt() : happened, row.holdsEntry() ? "happened" : "ordered", row);
            Instant updated = row.updatedAt();
            if (updated != null) {
                add(moments, updated, "updated", row);
            }
            boolean extracted = "BACKFILL".equals(row.source());
            add(moments, row.sourceTime(), extracted ? "extracted" : "appended", row);
            boolean again = "REPLAY".equals(row.source());
            boolean repaired = "REPAIR".equals(row.source());
            add(moments, row.appliedAt(), again ? "replayed" : repaired ? "repaired" : "applied", row);
        }
        moments.sort(Comparator.comparing(Moment::at));
        return moments.stream()
                .map(moment -> new Moment(
                        moment.at(),
                        moment.code(),
                        moment.row(),
                        Duration.between(moments.get(0).at(), moment.at())))
                .toList();
    }

    private static void add(List<Moment> moments, Instant at, String code, Provenance row) {
        moments.add(new Moment(at, code, row, Duration.ZERO));
    }
}
