package txlookup.apply.store.batch;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.Snapshot.Origin;

/**
 * Snapshots of a few entries that disagree in every way the order has to decide: with and without {@code updated_at} and
 * {@code version}, many ties. The winners are found here in another way than the product does: by the contract's five
 * criteria, one after the other.
 */
public final class RandomHistory {
    private static final Instant BASE = Instant.parse("2026-02-05T01:00:00Z");

    private final List<LedgerEntry> snapshots = new ArrayList<>();

    public RandomHistory(long seed) {
        Random random = new Random(seed);
        int keys = 5 + random.nextInt(40);
        int count = 100 + random.nextInt(300);
        for (int i = 0; i < count; i++) {
            String key = "tx-" + random.nextInt(keys);
            Instant updatedAt = random.nextInt(3) == 0 ? null : BASE.plusMillis(random.nextInt(4));
            Long version = random.nextInt(3) == 0 ? null : (long) random.nextInt(4) - 1;
            Instant time = BASE.plusMillis(random.nextInt(3));
            long amount = random.nextInt(1_000_000);
            snapshots.add(new LedgerEntry(
                    key,
                    "wallet-" + amount % 7,
                    "PAYMENT",
                    BigDecimal.valueOf(amount),
                    null,
                    null,
                    null,
                    BASE,
                    BASE,
                    updatedAt,
                    version,
                    new Origin(i, time, new Random(amount).nextLong())));
        }
    }

    public List<LedgerEntry> snapshots() {
        return snapshots;
    }

    /** The rows that the contract wants, as the test reads them from the store. */
    public List<String> winners() {
        Map<String, LedgerEntry> winners = new TreeMap<>();
        for (LedgerEntry snapshot : snapshots) {
            winners.merge(snapshot.txId(), snapshot, (left, right) -> beats(right, left) ? right : left);
        }
        return winners.values().stream()
                .sorted(Comparator.comparing(LedgerEntry::txId))
                .map(RandomHistory::row)
                .toList();
    }

    private static boolean beats(LedgerEntry a, LedgerEntry b) {
        boolean aTold = a.updatedAt() != null || a.version() != null;
        boolean bTold = b.updatedAt() != null || b.version() != null;
        if (aTold != bTold) {
            return aTold;
        }
        Instant aUpdated = a.updatedAt() == null ? Instant.MIN : a.updatedAt();
        Instant bUpdated = b.updatedAt() == null ? Instant.MIN : b.updatedAt();
        if (!aUpdated.equals(bUpdated)) {
            return aUpdated.isAfter(bUpdated);
        }
        long aVersion = a.version() == null ? Long.MIN_VALUE : a.version();
        long bVersion = b.version() == null ? Long.MIN_VALUE : b.version();
        if (aVersion != bVersion) {
            return aVersion > bVersion;
        }
        if (!a.origin().time().equals(b.origin().time())) {
            return a.origin().time().isAfter(b.origin().time());
        }
        return a.origin().digest() > b.origin().digest();
    }

    private static String row(LedgerEntry entry) {
        return String.join(
                " ",
                entry.txId(),
                entry.walletId(),
                entry.amount().toPlainString(),
                time(entry.updatedAt()),
                String.valueOf(entry.version()),
                time(entry.origin().time()),
                Long.toString(entry.origin().digest()));
    }

    /** As PostgreSQL writes a timestamptz in UTC. */
    private static String time(Instant instant) {
        if (instant == null) {
            return "null";
        }
        String text = instant.toString().replace('T', ' ').replace("Z", "");
        return (text.contains(".") ? text.replaceAll("0+$", "") : text) + "+00";
    }
}
