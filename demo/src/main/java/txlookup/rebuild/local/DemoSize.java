package txlookup.rebuild.local;

/**
 * How much the demo moves.
 *
 * @param seed decides the payments' content
 * @param settled payments in the extract: two ledger entries and an order each
 * @param live payments that arrive as events, four each; the first half while the extract is loaded
 */
public record DemoSize(long seed, long settled, long live) {
    /** 100,000 payments in the extract, 60,000 live events. */
    public static final DemoSize USUAL = new DemoSize(1, 100_000, 15_000);

    long backlogEnd() {
        return settled + live / 2;
    }

    long end() {
        return settled + live;
    }
}
