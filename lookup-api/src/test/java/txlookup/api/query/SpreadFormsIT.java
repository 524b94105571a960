package txlookup.api.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import txlookup.api.RunningApi;
import txlookup.api.openpayment.OpenPairs;
import txlookup.api.openpayment.OpenPairsQuery;
import txlookup.api.search.Search;
import txlookup.apply.store.pairing.OpenPayments;
import txlookup.local.testing.GivenStore;
import txlookup.local.testing.LooksSpread;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;

/**
 * Of tables that are spread over several servers each lookup is made of other statements. Over the same rows both find the
 * same: sides that do not say what they name, several of one side at one instant, ids that are no order's.
 */
class SpreadFormsIT {
    private static final int ENTRIES = 4_000;
    private static final int PAYMENTS = 300;

    private static final String ROWS = """
            SELECT setseed(0.5);
            INSERT INTO payment_order (created_at, source_time, digest, source_position, ingested_at, source_id,
                order_id, user_id, merchant_name, amount, status)
            SELECT '2026-02-05Z', '2026-02-05Z', n, n, '2026-02-05Z', 1, 'ORD-' || n, 'U-' || n %% 7,
                   CASE WHEN n %% 5 > 0 THEN 'M-' || n %% 11 END, n, 'PAID'
            FROM generate_series(1, %2$d) n WHERE n %% 3 > 0;
            INSERT INTO ledger_entry (event_time, created_at, source_time, digest, source_position, ingested_at, source_id,
                tx_id, wallet_id, entry_type, amount, amount_signed, related_id, related_type)
            SELECT timestamptz '2026-02-05Z' + make_interval(secs => (random() * 3)::integer), '2026-02-05Z', '2026-02-05Z', n, n,
                   '2026-02-05Z', 1, 'TX-' || n, 'W-' || (random() * 40)::integer,
                   (ARRAY['PAYMENT', 'RECEIVE', 'FEE'])[1 + (random() * 2)::integer], n + 0.10, -n,
                   CASE WHEN random() < 0.9 THEN 'ORD-' || (random() * random() * %2$d)::integer END,
                   (ARRAY['PAYMENT_ORDER', 'CAMPAIGN', NULL])[1 + (random() * 2)::integer]
            FROM generate_series(1, %1$d) n""".formatted(ENTRIES, PAYMENTS);

    private static TestDatabase database;
    private static LookupQueries joined;
    private static LookupQueries apart;
    private static SearchedOrders joinedOrders;
    private static SearchedOrders apartOrders;
    private static OpenPairs joinedPairs;
    private static OpenPairs apartPairs;
    private static Search joinedSearch;
    private static Search apartSearch;

    @BeforeAll
    static void fill() throws SQLException {
        assumeTrue(GivenStore.find().isEmpty(), "a store that is given is spread, or it is not");
        database = SharedPostgres.newDatabase();
        RunningApi.migrate(database);
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(ROWS);
            OpenPayments.fill(connection);
        }
        joined = new LookupQueries(database.connections(), Duration.ofSeconds(10));
        joinedOrders = new SearchedOrders(database.connections());
        joinedPairs = new OpenPairs(database.connections(), Clock.systemUTC());
        joinedSearch = new Search(database.connections());
        // Each finds out once what the tables are.
        joined.transaction("TX-1");
        joinedOrders.sides(List.of("ORD-1"));
        joinedPairs.all(query(true), 1);
        joinedSearch.find("W-", false);
        LooksSpread.make(database, Migrations.schema(RunningApi.GENERATION));
        apart = new LookupQueries(database.connections(), Duration.ofSeconds(10));
        apartOrders = new SearchedOrders(database.connections());
        apartPairs = new OpenPairs(database.connections(), Clock.systemUTC());
        apartSearch = new Search(database.connections());
    }

    @AfterAll
    static void drop() {
        if (database != null) {
            SharedPostgres.drop(database);
        }
    }

    private static OpenPairsQuery query(boolean newestFirst) {
        return new OpenPairsQuery(Duration.ZERO, Optional.empty(), Optional.empty(), newestFirst, 10, Optional.empty());
    }

    @Test
    void transactionsAreTheSame() throws SQLException {
        List<String> ids =
                IntStream.rangeClosed(0, ENTRIES).mapToObj(n -> "TX-" + n).toList();
        assertThat(apart.transactionsOf(ids)).hasSize(ENTRIES).isEqualTo(joined.transactionsOf(ids));
        assertThat(apart.transaction("TX-7")).isPresent().isEqualTo(joined.transaction("TX-7"));
        assertThat(apart.transaction("NEVER")).isEmpty();
        for (List<String> few : List.of(
                List.of("TX-1", "TX-1", "NEVER"), ids.subList(1, 5), ids.subList(5, 10), List.of("NEVER", "TX-9"))) {
            assertThat(apart.transactionsOf(few)).isNotEmpty().isEqualTo(joined.transactionsOf(few));
        }
    }

    @Test
    void ordersAreTheSame() throws SQLException {
        for (int n = 0; n <= PAYMENTS; n++) {
            assertThat(apart.paymentOrder("ORD-" + n)).isEqualTo(joined.paymentOrder("ORD-" + n));
        }
    }

    @Test
    void walletsAreTheSame() throws SQLException {
        for (int n = 0; n <= 40; n++) {
            WalletRange range = new WalletRange("W-" + n, Optional.empty(), Optional.empty());
            assertThat(apart.wallet(range, Optional.empty(), 60)).isEqualTo(joined.wallet(range, Optional.empty(), 60));
            assertThat(apart.totals(range)).isNotEmpty().isEqualTo(joined.totals(range));
        }
    }

    @Test
    void sidesOfSearchedOrdersAreTheSame() throws SQLException {
        List<String> ids = new ArrayList<>();
        for (int n = 0; n <= PAYMENTS; n++) {
            ids.add("ORD-" + n);
        }
        assertThat(apartOrders.sides(ids)).hasSizeGreaterThan(100).isEqualTo(joinedOrders.sides(ids));
    }

    @Test
    void openPaymentsAreTheSame() throws SQLException {
        for (boolean newestFirst : new boolean[] {false, true}) {
            assertThat(without(apartPairs.all(query(newestFirst), 1_000)))
                    .hasSizeGreaterThan(10)
                    .isEqualTo(without(joinedPairs.all(query(newestFirst), 1_000)));
        }
    }

    /** Their age moves between two questions. */
    private static List<String> without(List<txlookup.api.openpayment.OpenPair> pairs) {
        return pairs.stream()
                .map(pair -> "%s %s %s %s %s %s %s"
                        .formatted(
                                pair.orderId(),
                                pair.since(),
                                pair.missing(),
                                pair.txId(),
                                pair.walletId(),
                                pair.amount(),
                                pair.merchantName()))
                .toList();
    }

    @Test
    void searchesFindTheSame() throws SQLException {
        for (String q : List.of("W-", "W-1", "ORD-2", "TX-39", "W-40", "NEVER")) {
            assertThat(apartSearch.find(q, false)).isEqualTo(joinedSearch.find(q, false));
        }
    }
}
