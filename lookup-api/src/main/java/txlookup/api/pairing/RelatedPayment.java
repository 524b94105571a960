package txlookup.api.pairing;

import org.jspecify.annotations.Nullable;

/**
 * What the store holds for one {@code related_id}, read in the statement that reads the entries.
 *
 * @param order the payment order with that id
 * @param payment the PAYMENT side among the entries that pair
 * @param receive the RECEIVE side among the entries that pair
 */
public record RelatedPayment(
        @Nullable Order order,
        @Nullable Side payment,
        @Nullable Side receive) {
    /** Of an entry without {@code related_id}. */
    public static final RelatedPayment NONE = new RelatedPayment(null, null, null);

    /** What an entry's lookup shows of its payment order. */
    public record Order(String status, @Nullable String merchantName) {}

    /** One side: the latest {@code event_time}, then the lowest {@code tx_id}. */
    public record Side(String txId, String walletId) {}

    boolean hasBothSides() {
        return payment != null && receive != null;
    }
}
