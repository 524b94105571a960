package txlookup.api.openpayment;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.StoredEntry.payment;
import static txlookup.api.StoredEntry.receive;
import static txlookup.api.StoredOrder.order;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import txlookup.api.Eventually;
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
    void onePaymentThatHasClosedIsNotShownAndOneThatOpenedIsSoon() {
        api.store(payment("TX-1").toOrder("ORD-1"), payment("TX-2").toOrder("ORD-2"));
        api = api.again();
        assertThat(ids(api.json(ALL))).containsExactly("ORD-1", "ORD-2");

        api.store(receive("TX-3").toOrder("ORD-1"), receive("TX-4").toOrder("ORD-4"));

        assertThat(ids(api.json(ALL))).doesNotContain("ORD-1");
        Eventually.within(Duration.ofSeconds(20), "ORD-4 is listed", () -> ids(api.json(ALL))
                .equals(List.of("ORD-2", "ORD-4")));
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
