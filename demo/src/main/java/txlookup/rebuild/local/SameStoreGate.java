package txlookup.rebuild.local;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.model.Snapshot;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.position.StoreStats;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.platform.Platform;
import txlookup.traffic.Event;
import txlookup.traffic.Payments;

/**
 * Whether the store is what was generated: the same number of rows, and the same sum of content digests, as the payments'
 * final state. Duplicates, overlap, restarts and kills must leave no trace.
 */
final class SameStoreGate implements Platform.Gate {
    private final Demo demo;
    private final Payments payments;
    private final long end;

    SameStoreGate(Demo demo, Payments payments, long end) {
        this.demo = demo;
        this.payments = payments;
        this.end = end;
    }

    @Override
    public FailureCause cause() {
        return FailureCause.IDEMPOTENCY_FAILED;
    }

    @Override
    public String unblock() {
        return "keep the data folder and the logs: the store differs from what was delivered, which is a defect";
    }

    @Override
    public List<GateResult> judge(Generation generation) throws Exception {
        Decoder decoder = new Decoder(
                demo.profile().events().profile(), demo.profile().events().maxFutureSkew(), Clock.systemUTC());
        Expected entries = new Expected();
        Expected orders = new Expected();
        for (long n = 0; n < end; n++) {
            for (Event event : payments.state(n)) {
                boolean entry = event.kind() == Event.Kind.LEDGER_ENTRY;
                Decoded decoded = decoder.decode(
                        entry ? Entity.LEDGER_ENTRY : Entity.PAYMENT_ORDER,
                        new SourceRecord(n, generation.cutover(), event.value()));
                if (!(decoded instanceof Snapshot snapshot)) {
                    throw new IllegalStateException(
                            "Generated an event that is refused: " + new String(event.value(), StandardCharsets.UTF_8));
                }
                (entry ? entries : orders).add(snapshot);
            }
        }
        StoreStats contents = new StoreStats(demo.store(generation.number()));
        return List.of(
                entries.compare("ledger entries", contents.ledgerEntries()),
                orders.compare("payment orders", contents.paymentOrders()));
    }

    private static final class Expected {
        private long rows;
        private BigInteger digests = BigInteger.ZERO;

        void add(Snapshot snapshot) {
            rows++;
            digests = digests.add(BigInteger.valueOf(snapshot.origin().digest()));
        }

        GateResult compare(String what, StoreStats.Table stored) {
            return new GateResult(
                    what,
                    stored.rows() == rows && stored.digests().equals(digests),
                    "%,d rows, digest %016x"
                            .formatted(stored.rows(), stored.digests().longValue()),
                    "%,d rows, digest %016x".formatted(rows, digests.longValue()));
        }
    }
}
