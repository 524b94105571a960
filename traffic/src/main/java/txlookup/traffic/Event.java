package txlookup.traffic;

/**
 * One event or row as its source would send it.
 *
 * @param kind which entity it is a snapshot of
 * @param key the recommended record key: {@code tx_id} or {@code order_id}
 * @param value UTF-8 JSON by docs/contract.md
 */
@SuppressWarnings("ArrayRecordComponent") // The bytes go to Kafka or a file as they are; events are never compared.
public record Event(Kind kind, String key, byte[] value) {
    /** The two topics of the contract. */
    public enum Kind {
        LEDGER_ENTRY,
        PAYMENT_ORDER
    }
}
