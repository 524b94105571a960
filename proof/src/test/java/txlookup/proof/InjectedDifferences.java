package txlookup.proof;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import txlookup.apply.model.Entity;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.Snapshot;
import txlookup.apply.store.position.Lease;
import txlookup.proof.compare.Difference.Kind;
import txlookup.proof.compare.StoredVersion;
import txlookup.traffic.Payments;

/**
 * Makes a store wrong in all ways, at keys of even payments; odd ones are left to traffic. What a writer could have done
 * is done by the ordinary way in, the rest by hand behind its back.
 */
final class InjectedDifferences {
    private static final Instant BEFORE = ProofFixture.CUTOVER.minusSeconds(3600);

    private final ProofFixture fixture;
    private final Map<String, Kind> injected = new TreeMap<>();
    private Lease claim;

    private InjectedDifferences(ProofFixture fixture) throws SQLException {
        this.fixture = fixture;
        this.claim = fixture.claim("injected");
    }

    /** Injects so many of each kind; gives the kinds by key. */
    static Map<String, Kind> into(ProofFixture fixture, long payments, int ofEachKind, long seed) throws SQLException {
        InjectedDifferences differences = new InjectedDifferences(fixture);
        List<Long> even = new ArrayList<>();
        // The last hundredth lies so near the cutover that it is not settled.
        for (long n = 0; n < payments * 99 / 100; n += 2) {
            even.add(n);
        }
        Collections.shuffle(even, new Random(seed));
        int at = 0;
        for (Kind kind : Kind.values()) {
            for (Entity entity : Entity.values()) {
                int count = entity == Entity.LEDGER_ENTRY ? ofEachKind - ofEachKind / 2 : ofEachKind / 2;
                differences.inject(kind, entity, even.subList(at, at + count));
                at += count;
            }
        }
        return differences.injected;
    }

    private void inject(Kind kind, Entity entity, List<Long> payments) throws SQLException {
        List<String> keys = payments.stream()
                .map(n -> entity == Entity.LEDGER_ENTRY ? Payments.paymentTxId(n) : Payments.orderId(n))
                .toList();
        List<Snapshot> stored = fixture.storeSide.find(entity, keys).values().stream()
                .map(StoredVersion::snapshot)
                .sorted(Comparator.comparing(Snapshot::key))
                .toList();
        int half = stored.size() / 2;
        switch (kind) {
            case MISSING -> delete(entity, stored);
            case EXTRA ->
                apply(entity, stored.stream().map(InjectedDifferences::renamed).toList());
            case STALE -> {
                delete(entity, stored);
                apply(entity, changed(stored, -1));
            }
            case AHEAD -> apply(entity, changed(stored, 1));
            case FIELD -> {
                // One half behind the digest's back, the other as a conflicting snapshot of the same version.
                update(entity, stored.subList(0, half));
                delete(entity, stored.subList(half, stored.size()));
                apply(
                        entity,
                        stored.subList(half, stored.size()).stream()
                                .map(one -> new SnapshotJson(one).put("amount", "0.01"))
                                .toList());
            }
        }
        stored.forEach(one -> injected.put(kind == Kind.EXTRA ? one.key() + "-extra" : one.key(), kind));
    }

    private static SnapshotJson renamed(Snapshot snapshot) {
        String key = snapshot instanceof LedgerEntry ? "tx_id" : "order_id";
        return new SnapshotJson(snapshot).put(key, snapshot.key() + "-extra");
    }

    private static List<SnapshotJson> changed(List<Snapshot> stored, int versions) {
        return stored.stream()
                .map(one -> new SnapshotJson(one)
                        .put("amount", "0.02")
                        .version(one, versions, one.updatedAt().plusMillis(versions)))
                .toList();
    }

    private void apply(Entity entity, List<SnapshotJson> events) throws SQLException {
        claim = fixture.apply(
                claim, entity, BEFORE, events.stream().map(SnapshotJson::bytes).toList());
    }

    private void delete(Entity entity, List<Snapshot> snapshots) throws SQLException {
        fixture.execute("DELETE FROM " + where(entity, snapshots));
    }

    private void update(Entity entity, List<Snapshot> snapshots) throws SQLException {
        String where = where(entity, snapshots);
        fixture.execute("UPDATE " + where.replace(" WHERE", " SET amount = amount + 1 WHERE"));
    }

    private static String where(Entity entity, List<Snapshot> snapshots) {
        String keys = String.join("','", snapshots.stream().map(Snapshot::key).toList());
        return (entity == Entity.LEDGER_ENTRY ? "ledger_entry WHERE tx_id" : "payment_order WHERE order_id") + " IN ('"
                + keys + "')";
    }
}
