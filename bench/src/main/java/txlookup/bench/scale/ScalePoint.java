package txlookup.bench.scale;

import java.time.Instant;
import java.util.Locale;
import txlookup.traffic.Payments;

/**
 * A store that is measured.
 *
 * @param entries ledger entries, two of each payment
 * @param partitions hash partitions of each big table; 1 is a plain table
 */
public record ScalePoint(long entries, int partitions) {
    static final Instant CUTOVER = Instant.parse("2026-11-01T00:00:00Z");

    private static final int MOST_PARTITIONS = 64;

    /** @throws IllegalArgumentException for a store that cannot be made */
    public ScalePoint {
        if (entries < 2 || partitions < 1 || partitions > MOST_PARTITIONS) {
            throw new IllegalArgumentException("A store has 2 entries or more and 1 to %d partitions, not %d and %d"
                    .formatted(MOST_PARTITIONS, entries, partitions));
        }
    }

    /** Such as 500k or 10m. */
    public static long entries(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT).replace("_", "");
        long unit = lower.endsWith("m") ? 1_000_000 : lower.endsWith("k") ? 1_000 : 1;
        try {
            return Math.multiplyExact(Long.parseLong(unit == 1 ? lower : lower.substring(0, lower.length() - 1)), unit);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("--sizes takes numbers such as 500k or 10m, not '" + text + "'", e);
        }
    }

    /** Such as 16. */
    public static int partitions(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--partitions takes numbers such as 16, not '" + text + "'", e);
        }
    }

    /** Such as 10m_plain or 10m_16. */
    public String name() {
        return size(entries) + "_" + (partitions == 1 ? "plain" : partitions);
    }

    static String size(long entries) {
        if (entries % 1_000_000 == 0) {
            return entries / 1_000_000 + "m";
        }
        return entries % 1_000 == 0 ? entries / 1_000 + "k" : Long.toString(entries);
    }

    long payments() {
        return entries / 2;
    }

    Payments world() {
        return new Payments(1, CUTOVER, payments());
    }
}
