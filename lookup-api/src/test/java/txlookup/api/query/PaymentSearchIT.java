package txlookup.api.query;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;
import static txlookup.api.StoredEntry.receive;
import static txlookup.api.StoredOrder.order;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import txlookup.api.Audited;
import txlookup.api.Changed;
import txlookup.api.RunningApi;
import txlookup.profiles.settings.DatabaseSettings.Distribution;

/** Searches by what a customer knows: by pages, from an index, and as a file. */
class PaymentSearchIT {
    private static final String NO_OTHER_SCANS =
            "SET enable_seqscan = off; SET enable_bitmapscan = off; SET plan_cache_mode = force_generic_plan";

    private static final String NO_OTHER_SCANS_ON_ITS_SERVERS =
            Distribution.SESSION + "; BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off";

    private static final String MANY = """
            INSERT INTO payment_order (created_at, source_time, digest, source_position, ingested_at, source_id, order_id,
                user_id, merchant_name, amount, status)
            SELECT timestamptz '2026-01-01Z' + n * interval '1 min', '2026-02-05Z', 0, n, '2026-02-05Z', 1, 'BULK-' || n,
                   'U-BULK', 'Bulk ' || n % 3, n % 50, CASE WHEN n = 7 THEN 'FAILED' ELSE 'PAID' END
            FROM generate_series(1, 20000) n""";

    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = RunningApi.start(Changed::maskPersonal);
        api.execute(MANY);
        api.execute("ANALYZE payment_order");
        for (int number = 1; number <= 7; number++) {
            String id = "ORD-" + number;
            api.store(order(id)
                    .user(number < 5 ? "U-1" : "U-2")
                    .merchant(number % 2 == 0 ? "=Cafe, \"Mia\"" : "Cafe Nero")
                    .amount(number + ".50")
                    .status(number == 3 ? "FAILED" : "PAID")
                    .at("2026-02-0%dT00:00:00Z".formatted(number)));
            api.store(
                    payment("PAY-" + number).wallet("W-1").toOrder(id).at("2026-02-0%dT00:00:00Z".formatted(number)),
                    receive("RCV-" + number)
                            .wallet("W-" + (2 + number % 2))
                            .toOrder(id)
                            .at("2026-02-0%dT00:00:01Z".formatted(number)));
        }
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user_id=U-1 | ORD-4 ORD-3 ORD-2 ORD-1",
                "user_id=U-1&status_group=FAIL | ORD-3",
                "user_id=U-1&from=2026-02-02T00:00:00Z&to=2026-02-03T00:00:00Z | ORD-3 ORD-2",
                "user_id=U-1&counterparty=W-3 | ORD-3 ORD-1",
                "user_id=U-1&wallet_id=W-1&counterparty=W-2 | ORD-4 ORD-2",
                "user_id=U-1&amount=2.5 | ORD-2",
                "user_id=U-1&q=ORD-3 | ORD-3",
                "merchant_name=Cafe%20N | ORD-7 ORD-5 ORD-3 ORD-1",
                "merchant_name=Cafe%20Nero&user_id=U-2 | ORD-7 ORD-5",
                "amount=5.5&from=2026-02-01T00:00:00Z&to=2026-03-01T00:00:00Z | ORD-5",
                "wallet_id=W-1&counterparty=W-2 | PAY-6 PAY-4 PAY-2",
                "wallet_id=W-2 | RCV-6 RCV-4 RCV-2",
                "wallet_id=W-1&status_group=fail | PAY-3",
                "user_id=nobody | ''"
            })
    void paymentsAreFound(String query, String ids) {
        assertThat(String.join(" ", ids(api.json("/admin/search?" + query)))).isEqualTo(ids);
    }

    @Test
    void pagesFollowEachOtherAlsoWhereFewOfWhatIsReadFits() {
        List<String> all = new ArrayList<>();
        String next = "";
        int pages = 0;
        do {
            JsonNode page = api.json(
                    "/admin/search?user_id=U-BULK&status_group=FAIL" + (next.isEmpty() ? "" : "&cursor=" + next));
            all.addAll(ids(page));
            next = page.path("next_cursor").isNull()
                    ? ""
                    : page.path("next_cursor").asString();
            pages++;
        } while (!next.isEmpty());
        assertThat(all).containsExactly("BULK-7");
        // No request reads more than 5,000 of the 20,000.
        assertThat(pages).isBetween(4, 6);

        List<String> some = new ArrayList<>();
        next = "";
        for (int page = 0; page < 3; page++) {
            JsonNode found =
                    api.json("/admin/search?merchant_name=Bulk&limit=100" + (next.isEmpty() ? "" : "&cursor=" + next));
            some.addAll(ids(found));
            next = found.path("next_cursor").asString();
        }
        assertThat(some).hasSize(300).doesNotHaveDuplicates().startsWith("BULK-20000", "BULK-19997");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status_group=FAIL | no index serves this; give at least one of user_id, wallet_id, merchant_name, or amount with from and to",
                "amount=5.5 | no index serves this",
                "counterparty=W-2 | no index serves this",
                "user_id=U-1&from=2026-01-01T00:00:00Z&to=2026-02-02T00:00:00Z | longer than 31 days",
                "user_id=U-1&status_group=odd | wanted SUCCESS, FAIL, IN_PROGRESS or UNKNOWN, saw 'odd'",
                "user_id=U-1&amount=1e999999999 | wanted a decimal number",
                "user_id=U-1&cursor=x | not a next_cursor of this search"
            })
    void whatNoIndexServesIsRefused(String query, String detail) {
        JsonNode problem = api.json("/admin/search?" + query);

        assertThat(problem.path("status").asInt()).isEqualTo(400);
        assertThat(problem.path("detail").asString()).contains(detail);
    }

    @ParameterizedTest
    @CsvSource({
        "BY_USER, payment_order_by_user",
        "BY_MERCHANT, payment_order_by_merchant",
        "BY_AMOUNT, payment_order_by_amount"
    })
    void eachSearchReadsItsIndexAndSortsNoMoreThanOneInstant(String search, String index) throws SQLException {
        String sql =
                switch (search) {
                    case "BY_USER" -> SearchedOrders.BY_USER;
                    case "BY_AMOUNT" -> SearchedOrders.BY_AMOUNT;
                    default -> SearchedOrders.BY_MERCHANT;
                };
        boolean merchant = search.equals("BY_MERCHANT");
        String types = merchant
                ? "text, text, timestamptz, timestamptz, text, timestamptz, text, bigint"
                : (search.equals("BY_AMOUNT") ? "numeric" : "text")
                        + ", timestamptz, timestamptz, timestamptz, text, bigint";
        String values = merchant
                ? "'Bulk', 'Bulm', '-infinity', 'infinity', 'Bulm', 'infinity', '', 1000"
                : (search.equals("BY_AMOUNT") ? "7" : "'U-BULK'") + ", '-infinity', 'infinity', 'infinity', '', 1000";
        StringBuilder plan = new StringBuilder();
        try (Connection connection = api.database().connect();
                Statement statement = connection.createStatement()) {
            boolean spread = isSpread(statement);
            statement.execute(spread ? NO_OTHER_SCANS_ON_ITS_SERVERS : NO_OTHER_SCANS);
            String numbered = sql;
            for (int parameter = 1; numbered.contains("?"); parameter++) {
                numbered = numbered.replaceFirst("\\?", "\\$" + parameter);
            }
            statement.execute("PREPARE search (" + types + ") AS " + numbered);
            try (ResultSet lines = statement.executeQuery("EXPLAIN EXECUTE search (" + values + ")")) {
                while (lines.next()) {
                    plan.append(lines.getString(1)).append('\n');
                }
            }
            if (spread) {
                plan.delete(0, plan.indexOf("->  Task\n")); // the coordinator merges what its servers sorted
            }
        }
        assertThat(plan.toString()).contains(index, "Incremental Sort").doesNotContain("Seq Scan", "->  Sort");
    }

    private static boolean isSpread(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(Distribution.IS_SPREAD)) {
            return row.next() && row.getBoolean(1);
        }
    }

    @Test
    void aSearchIsAuditedWithWhatWasAsked() {
        api.get("/admin/search?user_id=U-77&status_group=FAIL");

        Audited row = Audited.of(api, "status_group=FAIL user_id=U-77");
        assertThat(row.action()).isEqualTo("SEARCH");
        assertThat(row.result()).isEqualTo("EMPTY");
    }

    @Test
    void usersAndMerchantsAreHiddenFromWhoMayNotSeeThem() {
        JsonNode hidden =
                api.json("/admin/search?user_id=U-1&limit=1").path("results").path(0);
        assertThat(hidden.path("user_id").asString()).isEqualTo("***");
        assertThat(hidden.path("merchant_name").asString()).isEqualTo("***");
        JsonNode shown = api.json("/admin/search?user_id=U-1&limit=1", "X-Actor-Roles", "ADMIN_READ,ADMIN_PII")
                .path("results")
                .path(0);
        assertThat(shown.path("user_id").asString()).isEqualTo("U-1");

        for (String path : List.of("/admin/tx/PAY-1", "/admin/payment-orders/ORD-1", "/admin/search.csv?user_id=U-1")) {
            assertThat(api.get(path).body())
                    .as(path)
                    .doesNotContain("Cafe Nero", "\"U-1\"", ",U-1,")
                    .contains("***");
            assertThat(api.get(path, "X-Actor-Roles", "ADMIN_READ,ADMIN_PII").body())
                    .as(path)
                    .contains("Cafe Nero");
        }
        assertThat(api.get("/orders/ORD-1").body()).doesNotContain("Cafe Nero").contains("***");
        assertThat(api.get("/orders/ORD-1?reveal=1").statusCode()).isEqualTo(403);
        String revealed = api.get("/orders/ORD-1?reveal=1", "X-Actor-Roles", "ADMIN_READ,ADMIN_PII")
                .body();
        assertThat(revealed).contains("Cafe Nero");
        assertThat(Audited.allOf(api, "ORD-1"))
                .extracting(Audited::action)
                .filteredOn(action -> action.equals("REVEAL_PERSONAL_DATA"))
                .hasSize(2);
    }

    @Test
    void aFileHasTheSameRowsAndNoFormula() {
        String file = api.get("/admin/search.csv?user_id=U-1", "X-Actor-Roles", "ADMIN_READ,ADMIN_PII")
                .body();

        assertThat(file.lines())
                .hasSize(5)
                .startsWith("type,id,event_time,amount,status,status_group,user_id,merchant_name,sender_wallet_id,"
                        + "receiver_wallet_id,pairing_status")
                .contains(
                        "payment_order,ORD-4,2026-02-04T00:00:00Z,4.50,PAID,SUCCESS,U-1,\"'=Cafe, \"\"Mia\"\"\",W-1,W-2,COMPLETE");
        assertThat(Audited.allOf(api, "user_id=U-1"))
                .filteredOn(row -> row.action().equals("EXPORT_SEARCH"))
                .extracting(Audited::resultCount)
                .contains(4);
    }

    private static List<String> ids(JsonNode answer) {
        return StreamSupport.stream(answer.path("results").spliterator(), false)
                .map(found -> found.path("id").asString())
                .toList();
    }
}
