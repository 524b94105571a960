package txlookup.bench.scale;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;
import txlookup.apply.model.SourceRecord;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;
import txlookup.traffic.Event;
import txlookup.traffic.Payments;

/**
 * The rows that an extract's file would hold, made while they are read: an extract of a hundred million entries takes no
 * disk. What making them costs is part of what reading costs.
 */
record GeneratedRows(Payments world, long payments, Entity entity) implements Input {
    static List<Input> of(ScalePoint point) {
        return List.of(
                new GeneratedRows(point.world(), point.payments(), Entity.LEDGER_ENTRY),
                new GeneratedRows(point.world(), point.payments(), Entity.PAYMENT_ORDER));
    }

    @Override
    public String name() {
        return entity == Entity.LEDGER_ENTRY ? "ledger-entries" : "payment-orders";
    }

    @Override
    public OptionalLong size() {
        return OptionalLong.of(payments);
    }

    @Override
    public Reader open(long nextPosition, @Nullable String resumeFrom, Instant asOf) {
        return new Made(nextPosition, resumeFrom == null ? 0 : Long.parseLong(resumeFrom), asOf);
    }

    /** Chunks end with whole payments, so that a payment's number says where the next one begins. */
    private final class Made implements Reader {
        private final Event.Kind kind =
                entity == Entity.LEDGER_ENTRY ? Event.Kind.LEDGER_ENTRY : Event.Kind.PAYMENT_ORDER;
        private final Instant asOf;
        private long position;
        private long payment;

        Made(long position, long payment, Instant asOf) {
            this.position = position;
            this.payment = payment;
            this.asOf = asOf;
        }

        @Override
        public Chunk next(int rows, long bytes) {
            List<SourceRecord> records = new ArrayList<>(rows + 1);
            long weight = 0;
            for (; payment < payments && records.size() < rows && weight < bytes; payment++) {
                for (Event event : world.state(payment, kind)) {
                    records.add(new SourceRecord(position++, asOf, event.value()));
                    weight += event.value().length;
                }
            }
            return new Chunk(
                    records, List.of(), position, Long.toString(payment), weight, payment, payment == payments);
        }

        @Override
        public void close() {}
    }
}
