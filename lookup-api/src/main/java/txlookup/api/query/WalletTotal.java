package txlookup.api.query;

/**
 * A wallet's entries of one type, among its newest {@value #MOST_ENTRIES} of a time range.
 *
 * @param sum of their amounts, with the most digits that one of them has behind the point
 */
public record WalletTotal(String entryType, long count, String sum) {
    /** Summed at most. */
    public static final int MOST_ENTRIES = 20_000;
}
