package txlookup.apply.store.pairing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.apply.store.sql.Statements;

/**
 * The list of open payments, mended from what is due. One process at a time does it, under a lock that ends with its
 * transaction: so of two that looked at a payment the later one says what it found last.
 */
public final class OpenPayments {
    /** What is due is looked at so much later: mostly the other side has come by then, and nothing has to be written. */
    public static final Duration DELAY = Duration.ofSeconds(1);

    /** Rows that are taken in one transaction, each of one batch. */
    static final int MOST = 64;

    /** Keeps these locks apart from everybody else's: "txop" in ASCII. */
    private static final int SPACE = 0x74786f70;

    // Mostly nothing is due, and that costs no more than this question: MEND alone takes milliseconds to be planned.
    private static final String ALONE_WITH_WORK = """
            SELECT CASE WHEN EXISTS (
                    SELECT FROM pairing_due WHERE due_at <= now() - make_interval(secs => %s) LIMIT 1)
                THEN pg_try_advisory_xact_lock(%d, current_schema()::regnamespace::oid::integer) END""";

    // A plan is made once, often while the tables are empty, and must serve when they are not.
    private static final String THROUGH_THE_INDEXES = """
            SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_hashjoin = off;
            SET LOCAL enable_mergejoin = off; SET LOCAL jit = off""";

    // A payment of which both sides were entered, and no row was changed, is complete: it need not be read, and leaves
    // the list. A list shorter than what is due is read whole (16), in the place of a probe for each payment.
    private static final String MEND = """
            WITH taken AS (
                DELETE FROM pairing_due WHERE due_id = ANY (ARRAY(
                    SELECT due_id FROM pairing_due WHERE due_at <= now() - make_interval(secs => ?)
                    ORDER BY due_id LIMIT ?))
                RETURNING payment_ids, receive_ids, order_ids, other_ids
            ), payments AS (
                SELECT coalesce(sum(cardinality(payment_ids)), 0) AS number FROM taken
            ), list AS MATERIALIZED (
                SELECT count(*) < (SELECT number FROM payments) AS is_short
                FROM (SELECT FROM open_payment LIMIT (SELECT number FROM payments)) AS listed
            ), named AS MATERIALIZED (
                SELECT id, bit_or(kind) AS kinds FROM (
                    SELECT unnest(payment_ids) AS id, 1 AS kind FROM taken
                    UNION ALL SELECT unnest(receive_ids), 2 FROM taken
                    UNION ALL SELECT unnest(order_ids), 4 FROM taken
                    UNION ALL SELECT unnest(other_ids), 8 FROM taken
                    UNION ALL SELECT order_id, 16 FROM open_payment WHERE (SELECT is_short FROM list)) AS one GROUP BY id
            ), due AS (
                SELECT id FROM named WHERE kinds & 3 <> 3 AND kinds <> 16 OR kinds & 8 <> 0
            ), looked_at AS MATERIALIZED (
                %s
            ), complete AS (
                SELECT id FROM named
                WHERE kinds & 3 = 3 AND kinds & 8 = 0 AND (kinds & 16 <> 0 OR NOT (SELECT is_short FROM list))
                UNION ALL SELECT order_id FROM looked_at WHERE NOT is_open
            ), closed AS (
                DELETE FROM open_payment AS stored USING complete WHERE stored.order_id = complete.id
            ), opened AS (
                INSERT INTO open_payment AS stored (since, order_id, missing, tx_id, amount, merchant_name)
                SELECT since, order_id, missing, tx_id, amount, merchant_name FROM looked_at WHERE is_open
                ON CONFLICT (order_id) DO UPDATE SET since = excluded.since, missing = excluded.missing,
                    tx_id = excluded.tx_id, amount = excluded.amount, merchant_name = excluded.merchant_name
                WHERE (stored.since, stored.missing, stored.tx_id, stored.amount, stored.merchant_name)
                    IS DISTINCT FROM (excluded.since, excluded.missing, excluded.tx_id, excluded.amount, excluded.merchant_name)
            )
            SELECT count(*) FROM taken""".formatted(OpenPaymentsSql.LOOKED_AT.formatted("due"));

    // Those that MEND takes in the same transaction, which sees no others.
    private static final String SOON_TAKEN = """
            SELECT array_agg(DISTINCT id) FROM (
                SELECT unnest(payment_ids || receive_ids || order_ids || other_ids) AS id FROM (
                    SELECT * FROM pairing_due WHERE due_at <= now() - make_interval(secs => ?)
                    ORDER BY due_id LIMIT ?) AS taken) AS one HAVING count(*) > 0""";

    private static final String ONE_VIEW = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";

    // By itself, as several processors read for a table that is made and only one for an INSERT.
    private static final String MAKE_CANDIDATES =
            "CREATE TEMPORARY TABLE candidate ON COMMIT DROP AS %s".formatted(OpenPaymentsSql.CANDIDATES.formatted(""));

    private static final String CANDIDATE_IDS = "SELECT array_agg(id) FROM candidate HAVING count(*) > 0";

    private static final String FILL = """
            INSERT INTO open_payment (since, order_id, missing, tx_id, amount, merchant_name)
            SELECT since, order_id, missing, tx_id, amount, merchant_name FROM (%s) AS looked_at WHERE is_open""".formatted(OpenPaymentsSql.LOOKED_AT.formatted("candidate"));

    private static final String EMPTY = "DELETE FROM open_payment; DELETE FROM pairing_due";

    private final DataSource connections;
    private int most = MOST;
    private @Nullable Boolean spread;

    /** @param connections a pool for the generation, in transactions */
    public OpenPayments(DataSource connections) {
        this.connections = connections;
    }

    /** Mends the list by all that is due since {@code delay} or longer; does nothing while another process does it. */
    public void mend(Duration delay) throws SQLException {
        int taken;
        do {
            taken = mendSome(delay);
        } while (taken == most);
    }

    private int mendSome(Duration delay) throws SQLException {
        try {
            int taken = Statements.inOneTransaction(connections, connection -> {
                if (isSpread(connection)) {
                    Statements.execute(connection, ONE_VIEW);
                }
                double seconds = delay.toMillis() / 1000.0;
                if (!Statements.isTrue(connection, ALONE_WITH_WORK.formatted(seconds, SPACE))) {
                    return 0;
                }
                if (isSpread(connection) && !NearCopy.make(connection, SOON_TAKEN, seconds, most)) {
                    return 0;
                }
                Statements.execute(connection, THROUGH_THE_INDEXES);
                try (PreparedStatement statement =
                        connection.prepareStatement(isSpread(connection) ? NearCopy.near(MEND) : MEND)) {
                    statement.setDouble(1, seconds);
                    statement.setInt(2, most);
                    try (ResultSet row = statement.executeQuery()) {
                        row.next();
                        return row.getInt(1);
                    }
                }
            });
            if (taken < most) {
                most = MOST;
            }
            return taken;
        } catch (SQLException e) {
            // It may have been too much for the time that a statement has.
            most = Math.max(1, most / 4);
            throw e;
        }
    }

    /** Asked once: a generation is spread when it is made, or never. */
    private boolean isSpread(Connection connection) throws SQLException {
        Boolean known = spread;
        if (known == null) {
            known = NearCopy.isNeeded(connection);
            spread = known;
            connection.rollback();
        }
        return known;
    }

    /** Makes the list from all entries, as a load does at its end; nobody else writes meanwhile. */
    public static void fill(Connection connection) throws SQLException {
        boolean before = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            Statements.execute(connection, EMPTY);
            Statements.execute(connection, MAKE_CANDIDATES);
            Statements.execute(connection, "ANALYZE candidate");
            if (!NearCopy.isNeeded(connection)) {
                Statements.execute(connection, FILL);
            } else if (NearCopy.make(connection, CANDIDATE_IDS)) {
                Statements.execute(connection, NearCopy.near(FILL));
            }
            Statements.execute(connection, "ANALYZE open_payment");
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(before);
        }
    }
}
