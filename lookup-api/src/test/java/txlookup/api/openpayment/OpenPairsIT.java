package txlookup.api.openpayment;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;
import static txlookup.api.StoredEntry.receive;
import static txlookup.api.StoredOrder.order;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import txlookup.api.RunningApi;
import txlookup.api.StoredEntry;

/** Open payments, oldest first; open is what the lookups call INCOMPLETE. */
class OpenPairsIT {
    private static final long SEED = 20_260_205;
    private static final String ALL = "/admin/open-pairs?older_than=PT0S&limit=100";

    private RunningApi api;

    @BeforeEach
    void start() {
        api = RunningApi.start();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void everyPaymentThatALookupCallsIncompleteIsListedAndNoOther() {
        Random random = new Random(SEED);
        List<String> orders = new ArrayList<>();
        for (int number = 0; number < 60; number++) {
            String orderId = "ORD-" + number;
            orders.add(orderId);
            if (random.nextBoolean()) {
                api.store(order(orderId));
            }
            for (int leg = random.nextInt(4); leg > 0; leg--) {
                StoredEntry entry = payment("TX-" + number + "-" + leg)
                        .type(List.of("PAYMENT", "RECEIVE", "FEE").get(random.nextInt(3)));
                api.store(entry.related(
                        orderId, random.nextBoolean() ? "PAYMENT_ORDER" : random.nextBoolean() ? null : "X"));
            }
        }

        api = api.again();
        List<String> listed = ids(api.json(ALL));

        for (String orderId : orders) {
            boolean incomplete = legsOf(orderId).stream()
                    .anyMatch(leg -> leg.path("pairing_status").asString().equals("INCOMPLETE")
                            && !leg.path("entry_type").asString().equals("FEE"));
            assertThat(listed.contains(orderId)).as(orderId + ", seed " + SEED).isEqualTo(incomplete);
        }
        assertThat(listed).hasSizeGreaterThan(5).doesNotHaveDuplicates();
    }

    @Test
    void theOldestComesFirstAndPagesFollowEachOther() {
        for (int number = 1; number <= 7; number++) {
            api.store(
                    payment("TX-" + number).toOrder("ORD-" + number).at("2026-02-05T00:0%d:00Z".formatted(8 - number)));
        }

        api = api.again();
        JsonNode first = api.json("/admin/open-pairs?older_than=PT0S&limit=3");
        JsonNode second = api.json("/admin/open-pairs?older_than=PT0S&limit=3&cursor="
                + first.path("next_cursor").asString());
        JsonNode third = api.json("/admin/open-pairs?older_than=PT0S&limit=3&cursor="
                + second.path("next_cursor").asString());

        assertThat(ids(first)).containsExactly("ORD-7", "ORD-6", "ORD-5");
        assertThat(ids(second)).containsExactly("ORD-4", "ORD-3", "ORD-2");
        assertThat(ids(third)).containsExactly("ORD-1");
        assertThat(third.path("next_cursor").isNull()).isTrue();
    }

    @Test
    void onlyThoseThatAreOldEnoughAreListed() {
        api.store(payment("TX-1").toOrder("ORD-1").at("2026-02-05T00:50:10Z"));
        api.store(payment("TX-2").toOrder("ORD-2").at("2026-02-05T00:50:11Z"));

        api = api.again();
        assertThat(ids(api.json("/admin/open-pairs"))).containsExactly("ORD-1");
    }

    @Test
    void onePaymentThatHasClosedIsNotShownAlsoWhileTheListIsBehind() {
        api.store(payment("TX-1").toOrder("ORD-1"), payment("TX-2").toOrder("ORD-2"));
        api = api.again();
        assertThat(ids(api.json(ALL))).containsExactly("ORD-1", "ORD-2");

        api.store(receive("TX-3").toOrder("ORD-1"));
        api.execute("""
                INSERT INTO pairing_due (due_at, payment_ids, receive_ids, order_ids, other_ids)
                VALUES ('2026-02-05T01:00:03Z', '{}', '{ORD-1}', '{}', '{}')""");

        JsonNode behind = api.json(ALL);
        assertThat(ids(behind)).containsExactly("ORD-2");
        assertThat(behind.path("as_of").asString()).isEqualTo("2026-02-05T01:00:03Z");
    }

    @Test
    void theNewestComesFirstWhereThatIsAskedAndMerchantAndAmountNarrow() {
        for (int number = 1; number <= 6; number++) {
            String order = "ORD-" + number;
            api.store(order(order).merchant(number % 2 == 0 ? "Cafe" : "Bistro"));
            api.store(payment("TX-" + number)
                    .toOrder(order)
                    .amounts(number < 4 ? "10.00" : "10.01", null)
                    .at("2026-02-05T00:0%d:00Z".formatted(number)));
        }
        api = api.again();

        JsonNode first = api.json(ALL.replace("100", "4") + "&order=newest");
        JsonNode second = api.json(ALL.replace("100", "4") + "&order=newest&cursor="
                + first.path("next_cursor").asString());
        assertThat(ids(first)).containsExactly("ORD-6", "ORD-5", "ORD-4", "ORD-3");
        assertThat(ids(second)).containsExactly("ORD-2", "ORD-1");
        assertThat(ids(api.json(ALL + "&merchant_name=Cafe"))).containsExactly("ORD-2", "ORD-4", "ORD-6");
        assertThat(ids(api.json(ALL + "&amount=10"))).containsExactly("ORD-1", "ORD-2", "ORD-3");
        assertThat(ids(api.json(ALL + "&amount=10.0&merchant_name=Bistro&order=newest")))
                .containsExactly("ORD-3", "ORD-1");
        assertThat(api.get(ALL + "&merchant_name=Cafe&cursor="
                                + first.path("next_cursor").asString())
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void theirNumbersAreToldByAge() {
        api.store(
                payment("TX-1").toOrder("ORD-1").at("2026-02-05T01:00:00Z"),
                payment("TX-2").toOrder("ORD-2").at("2026-02-05T00:30:00Z"),
                payment("TX-3").toOrder("ORD-3").at("2026-01-01T00:00:00Z"),
                payment("TX-4").toOrder("ORD-4").at("2026-01-02T00:00:00Z"));
        api = api.again();

        JsonNode ages = api.json("/admin/open-pairs/ages");

        assertThat(ages.path("count").asInt()).isEqualTo(4);
        assertThat(StreamSupport.stream(ages.path("ages").spliterator(), false)
                        .map(age -> age.path("count").asInt()))
                .containsExactly(1, 1, 0, 0, 2);
    }

    private List<JsonNode> legsOf(String orderId) {
        List<JsonNode> legs = new ArrayList<>();
        for (int leg = 1; leg <= 3; leg++) {
            JsonNode entry = api.json("/admin/tx/TX-" + orderId.substring(4) + "-" + leg);
            if (entry.has("tx_id")) {
                legs.add(entry);
            }
        }
        return legs;
    }

    private static List<String> ids(JsonNode answer) {
        return StreamSupport.stream(answer.path("open_pairs").spliterator(), false)
                .map(pair -> pair.path("order_id").asString())
                .toList();
    }
}
