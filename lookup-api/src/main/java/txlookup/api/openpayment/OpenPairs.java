package txlookup.api.openpayment;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.api.pairing.StoredSides;
import txlookup.api.pairing.StoredSides.Leg;
import txlookup.api.store.Spread;
import txlookup.api.web.Cursor;
import txlookup.api.web.CursorSigner;

/**
 * The open payments, from the list that the consumer keeps. The list proposes; each payment on a page is derived from its
 * entries in the same statement, so none is shown that has closed.
 */
public final class OpenPairs {
    /** Counted of one age; a list that is longer says so. */
    static final int MOST_COUNTED = 100_000;

    private static final int PIECE = 1_000;

    private static final String PAGE = """
            SELECT listed.since, listed.order_id, listed.merchant_name, coalesce(payment.tx_id, receive.tx_id) AS tx_id,
                   coalesce(payment.wallet_id, receive.wallet_id) AS wallet_id,
                   coalesce(payment.amount, receive.amount)::text AS amount,
                   CASE WHEN payment.tx_id IS NULL THEN 'PAYMENT' ELSE 'RECEIVE' END AS missing
            FROM open_payment listed
            LEFT JOIN payment_order o ON o.order_id = listed.order_id
            LEFT JOIN LATERAL (
                SELECT e.tx_id, e.wallet_id, e.amount FROM ledger_entry e
                WHERE e.related_id = listed.order_id AND e.entry_type = 'PAYMENT'
                  AND (e.related_type = 'PAYMENT_ORDER' OR e.related_type IS NULL AND o.order_id IS NOT NULL)
                ORDER BY e.event_time, e.tx_id LIMIT 1) payment ON true
            LEFT JOIN LATERAL (
                SELECT e.tx_id, e.wallet_id, e.amount FROM ledger_entry e
                WHERE e.related_id = listed.order_id AND e.entry_type = 'RECEIVE'
                  AND (e.related_type = 'PAYMENT_ORDER' OR e.related_type IS NULL AND o.order_id IS NOT NULL)
                ORDER BY e.event_time, e.tx_id LIMIT 1) receive ON true
            WHERE (payment.tx_id IS NULL) <> (receive.tx_id IS NULL) AND listed.since <= ?%1$s
              AND (listed.since, listed.order_id) %2$s (?, ?)
            ORDER BY listed.since%3$s, listed.order_id%3$s LIMIT ?""";

    // Of tables that are spread the list alone; what it proposes is looked at by statements of their own.
    private static final String LISTED = """
            SELECT listed.since, listed.order_id, listed.merchant_name FROM open_payment listed
            WHERE listed.since <= ?%1$s AND (listed.since, listed.order_id) %2$s (?, ?)
            ORDER BY listed.since%3$s, listed.order_id%3$s LIMIT ?""";

    // What is due may open or close a payment.
    private static final String BEHIND_SINCE = "SELECT due_at FROM pairing_due ORDER BY due_id LIMIT 1";

    private static final String COUNT = """
            SELECT count(*) FROM (SELECT FROM open_payment WHERE since > ? AND since <= ? LIMIT %d) AS counted""".formatted(MOST_COUNTED + 1);

    private static final List<Duration> AGES =
            List.of(Duration.ZERO, Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(7));

    private final DataSource database;
    private final Clock clock;
    private final Spread spread = new Spread();

    public OpenPairs(DataSource database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * A page of the list.
     *
     * @param asOf what was applied until then is in the list
     * @param complete always true: nothing is left out
     */
    public record Page(
            List<OpenPair> openPairs, int count, @Nullable String nextCursor, Instant asOf, boolean complete) {}

    /**
     * How many are of which age.
     *
     * @param count all of them; where {@code more} is true there are more than that
     */
    public record Age(Duration olderThan, @Nullable Duration youngerThan, int count, boolean more) {}

    /** How many there are, by age. */
    public record Ages(Instant asOf, int count, boolean more, List<Age> ages) {}

    public Page page(OpenPairsQuery query, CursorSigner cursors) throws SQLException {
        Instant now = clock.instant();
        try (Connection connection = database.getConnection()) {
            Instant asOf = asOf(connection, now);
            List<OpenPair> found = read(connection, query, now);
            boolean more = found.size() > query.limit();
            List<OpenPair> shown = more ? found.subList(0, query.limit()) : found;
            OpenPair last = more ? shown.get(shown.size() - 1) : null;
            String next = last == null ? null : cursors.sign(new Cursor(last.since(), last.orderId()), query.scope());
            return new Page(shown, shown.size(), next, asOf, true);
        }
    }

    /** At most {@code most} in the order asked, for a file. */
    public List<OpenPair> all(OpenPairsQuery query, int most) throws SQLException {
        Instant now = clock.instant();
        List<OpenPair> all = new ArrayList<>();
        try (Connection connection = database.getConnection()) {
            List<OpenPair> piece;
            OpenPairsQuery next = query.ofLength(PIECE - 1);
            do {
                piece = read(connection, next, now);
                all.addAll(piece);
                OpenPair last = piece.isEmpty() ? null : piece.get(piece.size() - 1);
                next = last == null ? next : next.after(Optional.of(new Cursor(last.since(), last.orderId())));
            } while (piece.size() == PIECE && all.size() < most);
        }
        return all;
    }

    public Ages ages() throws SQLException {
        Instant now = clock.instant();
        List<Age> ages = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(COUNT)) {
            for (int age = 0; age < AGES.size(); age++) {
                Duration older = AGES.get(age);
                Duration younger = age + 1 < AGES.size() ? AGES.get(age + 1) : null;
                statement.setObject(1, younger == null ? OffsetDateTime.MIN : utc(now.minus(younger)));
                // An event time may be ahead of this clock.
                statement.setObject(2, older.isZero() ? OffsetDateTime.MAX : utc(now.minus(older)));
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    int count = row.getInt(1);
                    ages.add(new Age(older, younger, Math.min(count, MOST_COUNTED), count > MOST_COUNTED));
                }
            }
            int all = ages.stream().mapToInt(Age::count).sum();
            return new Ages(asOf(connection, now), all, ages.stream().anyMatch(Age::more), ages);
        }
    }

    private List<OpenPair> read(Connection connection, OpenPairsQuery query, Instant now) throws SQLException {
        return spread.isOn(connection)
                ? readSpread(connection, query, now)
                : read(connection, PAGE, query, now, OpenPairs::pair);
    }

    private static List<OpenPair> readSpread(Connection connection, OpenPairsQuery query, Instant now)
            throws SQLException {
        List<OpenPair> open = new ArrayList<>();
        OpenPairsQuery next = query;
        List<Listed> listed;
        do {
            listed = read(connection, LISTED, next, now, OpenPairs::listed);
            List<String> ids = listed.stream().map(Listed::id).toList();
            StoredSides sides = StoredSides.read(connection, ids, StoredSides.Which.OLDEST);
            for (Listed one : listed) {
                one.open(sides, now).ifPresent(open::add);
            }
            if (!listed.isEmpty()) {
                Listed last = listed.get(listed.size() - 1);
                next = next.after(Optional.of(new Cursor(last.since(), last.id())));
            }
        } while (open.size() <= query.limit() && listed.size() > query.limit());
        return new ArrayList<>(open.subList(0, Math.min(open.size(), query.limit() + 1)));
    }

    /** What the list proposes. */
    private record Listed(
            Instant since, String id, @Nullable String merchantName) {
        /** Empty when both sides are there by now, or none is. */
        Optional<OpenPair> open(StoredSides sides, Instant now) {
            Optional<Leg> payment = sides.leg(id, true);
            Optional<Leg> receive = sides.leg(id, false);
            return payment.isPresent() == receive.isPresent()
                    ? Optional.empty()
                    : payment.or(() -> receive)
                            .map(leg -> new OpenPair(
                                    id,
                                    since,
                                    age(since, now),
                                    payment.isEmpty() ? "PAYMENT" : "RECEIVE",
                                    leg.txId(),
                                    leg.walletId(),
                                    leg.amount(),
                                    merchantName));
        }
    }

    private static Listed listed(ResultSet row, Instant now) throws SQLException {
        return new Listed(instant(row, "since"), row.getString("order_id"), row.getString("merchant_name"));
    }

    private static OpenPair pair(ResultSet row, Instant now) throws SQLException {
        Instant since = instant(row, "since");
        return new OpenPair(
                row.getString("order_id"),
                since,
                age(since, now),
                row.getString("missing"),
                row.getString("tx_id"),
                row.getString("wallet_id"),
                row.getString("amount"),
                row.getString("merchant_name"));
    }

    private static long age(Instant since, Instant now) {
        return Math.max(0, Duration.between(since, now).toSeconds());
    }

    private interface Reading<T> {
        T row(ResultSet row, Instant now) throws SQLException;
    }

    private static <T> List<T> read(
            Connection connection, String page, OpenPairsQuery query, Instant now, Reading<T> reading)
            throws SQLException {
        String filters = (query.merchantName().isPresent() ? " AND listed.merchant_name = ?" : "")
                + (query.amount().isPresent() ? " AND listed.amount = ?" : "");
        String sql = page.formatted(filters, query.newestFirst() ? "<" : ">", query.newestFirst() ? " DESC" : "");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int parameter = 1;
            statement.setObject(
                    parameter++, query.olderThan().isZero() ? OffsetDateTime.MAX : utc(now.minus(query.olderThan())));
            if (query.merchantName().isPresent()) {
                statement.setString(parameter++, query.merchantName().get());
            }
            if (query.amount().isPresent()) {
                BigDecimal amount = query.amount().get();
                statement.setBigDecimal(parameter++, amount);
            }
            OffsetDateTime start = query.newestFirst() ? OffsetDateTime.MAX : OffsetDateTime.MIN;
            statement.setObject(
                    parameter++,
                    query.after().map(cursor -> utc(cursor.eventTime())).orElse(start));
            statement.setString(parameter++, query.after().map(Cursor::txId).orElse(""));
            statement.setInt(parameter, query.limit() + 1);
            List<T> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(reading.row(row, now));
                }
            }
            return found;
        }
    }

    private static Instant asOf(Connection connection, Instant now) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BEHIND_SINCE);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? instant(row, "due_at") : now;
        }
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
