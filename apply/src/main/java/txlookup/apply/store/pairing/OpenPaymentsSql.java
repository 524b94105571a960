package txlookup.apply.store.pairing;

/** Which payments are open, as docs/contract.md, Pairing, says it of one entry. */
final class OpenPaymentsSql {
    /** Each id of a relation, whether it is open, and its oldest leg. */
    static final String LOOKED_AT = """
            SELECT due.id AS order_id, (payment.tx_id IS NULL) <> (receive.tx_id IS NULL) AS is_open, o.merchant_name,
                   coalesce(payment.event_time, receive.event_time) AS since,
                   CASE WHEN payment.tx_id IS NULL THEN 'PAYMENT' ELSE 'RECEIVE' END AS missing,
                   coalesce(payment.tx_id, receive.tx_id) AS tx_id, coalesce(payment.amount, receive.amount) AS amount
            FROM %s AS due
            LEFT JOIN payment_order o ON o.order_id = due.id
            LEFT JOIN LATERAL (
                SELECT e.tx_id, e.event_time, e.amount FROM ledger_entry e
                WHERE e.related_id = due.id AND e.entry_type = 'PAYMENT'
                  AND (e.related_type = 'PAYMENT_ORDER' OR e.related_type IS NULL AND o.order_id IS NOT NULL)
                ORDER BY e.event_time, e.tx_id LIMIT 1) payment ON true
            LEFT JOIN LATERAL (
                SELECT e.tx_id, e.event_time, e.amount FROM ledger_entry e
                WHERE e.related_id = due.id AND e.entry_type = 'RECEIVE'
                  AND (e.related_type = 'PAYMENT_ORDER' OR e.related_type IS NULL AND o.order_id IS NOT NULL)
                ORDER BY e.event_time, e.tx_id LIMIT 1) receive ON true""";

    /** Ids that may be open, from one pass over the entries: few, as of most payments both sides say that they pair. */
    static final String CANDIDATES = """
            SELECT related_id AS id FROM ledger_entry
            WHERE related_id IS NOT NULL AND entry_type IN ('PAYMENT', 'RECEIVE')
              AND (related_type = 'PAYMENT_ORDER' OR related_type IS NULL)%s
            GROUP BY related_id
            HAVING (bool_or(entry_type = 'PAYMENT' AND related_type = 'PAYMENT_ORDER')
                AND bool_or(entry_type = 'RECEIVE' AND related_type = 'PAYMENT_ORDER')) IS NOT TRUE""";

    private OpenPaymentsSql() {}
}
