package txlookup.api.openpayment;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Finds payments of which one side is here: all there are, in one pass over the pairing index, or which of some are. */
public final class OpenPairScan {
    /** Longer than that, a pass would hold up the vacuuming of what it reads. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** The server gives up by itself; only one that has vanished is waited for in vain. */
    private static final Duration LONGEST_SILENCE = LONGEST.plusSeconds(10);

    private static final int FETCHED_AT_ONCE = 1_000;

    // The legs of docs/contract.md, Pairing: an entry that does not say its related_type pairs when the order exists,
    // and only where that decides is the order looked for.
    private static final String OPEN = """
            SELECT related_id, min(event_time) AS since
            FROM ledger_entry
            WHERE related_id IS NOT NULL AND entry_type IN ('PAYMENT', 'RECEIVE')
              AND (related_type = 'PAYMENT_ORDER' OR related_type IS NULL)%s
            GROUP BY related_id
            HAVING CASE
                WHEN bool_or(entry_type = 'PAYMENT' AND related_type = 'PAYMENT_ORDER')
                 AND bool_or(entry_type = 'RECEIVE' AND related_type = 'PAYMENT_ORDER') THEN false
                WHEN EXISTS (SELECT 1 FROM payment_order o WHERE o.order_id = related_id)
                THEN bool_or(entry_type = 'PAYMENT') <> bool_or(entry_type = 'RECEIVE')
                ELSE bool_or(related_type = 'PAYMENT_ORDER') END""";

    static final String ALL = OPEN.formatted("") + " ORDER BY since, related_id LIMIT ?";

    static final String OF_THESE = """
            WITH open AS (%s)
            SELECT open.related_id, open.since, leg.tx_id, leg.wallet_id, leg.entry_type, leg.amount::text
            FROM open CROSS JOIN LATERAL (
                SELECT tx_id, wallet_id, entry_type, amount FROM ledger_entry e
                WHERE e.related_id = open.related_id AND e.entry_type IN ('PAYMENT', 'RECEIVE')
                  AND (e.related_type = 'PAYMENT_ORDER' OR e.related_type IS NULL)
                ORDER BY e.event_time, e.tx_id LIMIT 1) leg
            ORDER BY open.since, open.related_id""".formatted(OPEN.formatted(" AND related_id = ANY (?)"));

    private final DataSource database;

    public OpenPairScan(DataSource database) {
        this.database = database;
    }

    /** Which payment, and since when: the order of the list. */
    public record Candidate(String orderId, Instant since) {
        static Candidate of(OpenPair pair) {
            return new Candidate(pair.orderId(), pair.since());
        }
    }

    /** The oldest open payments. Memory stays bounded on both sides: groups are read in the order of the index. */
    public List<Candidate> oldest(int most) throws SQLException {
        // The pool sets a connection back that is returned to it, and throws one away that is broken.
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            // It is silent until the last entry is read, for the oldest may be that one.
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(LONGEST_SILENCE.toMillis()));
            try (Statement settings = connection.createStatement();
                    PreparedStatement statement = connection.prepareStatement(ALL)) {
                settings.execute("SET LOCAL statement_timeout = " + LONGEST.toMillis());
                settings.execute("SET LOCAL enable_hashagg = off");
                statement.setFetchSize(FETCHED_AT_ONCE);
                statement.setInt(1, most);
                List<Candidate> found = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        found.add(new Candidate(row.getString("related_id"), since(row)));
                    }
                }
                return found;
            }
        }
    }

    /** Those of the candidates that are open now, oldest first. */
    List<OpenPair> stillOpen(List<Candidate> candidates, Instant now) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(OF_THESE)) {
            Array ids = connection.createArrayOf(
                    "text", candidates.stream().map(Candidate::orderId).toArray());
            statement.setArray(1, ids);
            List<OpenPair> open = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    open.add(new OpenPair(
                            row.getString("related_id"),
                            since(row),
                            Math.max(0, Duration.between(since(row), now).toSeconds()),
                            row.getString("entry_type").equals("PAYMENT") ? "RECEIVE" : "PAYMENT",
                            row.getString("tx_id"),
                            row.getString("wallet_id"),
                            row.getString("amount")));
                }
            }
            return open;
        }
    }

    private static Instant since(ResultSet row) throws SQLException {
        return row.getObject("since", OffsetDateTime.class).toInstant();
    }
}
