package txlookup.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaymentsTest {
    private static final Instant CUTOVER = Instant.parse("2026-11-21T01:07:33Z");
    private static final long SETTLED = 100_000;
    private static final long ENOUGH_TO_HAVE_UNPAIRED = 10_000;

    private final Payments payments = new Payments(1, CUTOVER, SETTLED);

    @Test
    void theSameSeedGivesTheSameBytes() {
        Payments again = new Payments(1, CUTOVER, SETTLED);

        assertThat(first200(again)).isEqualTo(first200(payments));
    }

    @Test
    void anotherSeedGivesOtherPaymentsOfTheSameNames() {
        Payments other = new Payments(2, CUTOVER, SETTLED);

        for (long n = 0; n < 200; n++) {
            Seen one = entry(payments, n, "PAYMENT");
            Seen another = entry(other, n, "PAYMENT");
            assertThat(one.key()).isEqualTo(another.key());
            assertThat(one.json()).as("payment %d", n).isNotEqualTo(another.json());
        }
    }

    @Test
    void aPaymentIsTheSameWhetherOrNotOthersAreMadeBeforeIt() {
        List<Seen> alone = Seen.of(new Payments(1, CUTOVER, SETTLED).history(4711));
        Payments after = new Payments(1, CUTOVER, SETTLED);
        LongStream.range(0, 50).forEach(after::history);

        assertThat(Seen.of(after.history(4711))).isEqualTo(alone);
    }

    @Test
    void aHistoryEndsInTheState() {
        for (long n = 0; n < ENOUGH_TO_HAVE_UNPAIRED; n++) {
            assertThat(Seen.latest(payments.history(n)))
                    .as("payment %d", n)
                    .isEqualTo(Seen.latest(payments.state(n)))
                    .hasSameSizeAs(payments.state(n));
        }
    }

    @Test
    void aPaymentAndItsReceiptShareTheOrderAndTheAmount() {
        for (long n = 0; n < 200; n++) {
            if (payments.state(n).size() == 2) {
                continue;
            }
            Seen pays = entry(payments, n, "PAYMENT");
            Seen receives = entry(payments, n, "RECEIVE");

            assertThat(pays.key()).isEqualTo(Payments.paymentTxId(n)).isNotEqualTo(receives.key());
            assertThat(pays.text("related_id")).isEqualTo(Payments.orderId(n)).isEqualTo(receives.text("related_id"));
            assertThat(List.of(pays.text("related_type"), receives.text("related_type")))
                    .containsOnly("PAYMENT_ORDER");
            assertThat(new BigDecimal(pays.text("amount_signed")))
                    .isEqualTo(new BigDecimal(receives.text("amount_signed")).negate());
            assertThat(pays.text("amount")).isEqualTo(receives.text("amount"));
        }
    }

    @Test
    void onePaymentInAThousandHasNotReachedItsPayee() {
        List<List<Event>> unpaired = LongStream.range(0, ENOUGH_TO_HAVE_UNPAIRED)
                .mapToObj(payments::state)
                .filter(state -> state.size() == 2)
                .toList();

        assertThat(unpaired).hasSizeBetween(1, 50);
        assertThat(unpaired)
                .allSatisfy(state -> assertThat(Seen.of(state).stream().map(Seen::json))
                        .noneMatch(json -> json.contains("RECEIVE"))
                        .anyMatch(json -> json.contains("\"status\":\"CREATED\"")));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1000, SETTLED})
    void pastPaymentsLieInTheDayBeforeTheCutoverAndTheFirstLiveOneAtIt(long settled) {
        Payments some = new Payments(1, CUTOVER, settled);

        for (long n : new long[] {0, settled / 2, settled - 1}) {
            for (Seen seen : Seen.of(some.history(n))) {
                assertThat(seen.time("created_at"))
                        .as("payment %d of %d", n, settled)
                        .isBetween(CUTOVER.minus(Duration.ofDays(1)), CUTOVER.minusNanos(1));
                assertThat(seen.time("updated_at"))
                        .as("payment %d of %d", n, settled)
                        .isBefore(CUTOVER);
            }
        }
        assertThat(entry(some, settled, "PAYMENT").time("event_time")).isEqualTo(CUTOVER);
    }

    @Test
    void timeGoesOnFromPaymentToPaymentAcrossTheCutover() {
        for (long n = SETTLED - 100; n < SETTLED + 100; n++) {
            assertThat(entry(payments, n + 1, "PAYMENT").time("event_time"))
                    .isAfter(entry(payments, n, "PAYMENT").time("event_time"));
        }
    }

    @Test
    void everyEventCanBeDecodedAndIsKeyedByItsId() {
        for (long n = 0; n < 200; n++) {
            assertThat(Seen.of(payments.history(n))).allSatisfy(seen -> {
                assertThat(seen.isDecodable()).as(seen.json()).isTrue();
                assertThat(seen.key())
                        .isEqualTo(seen.text(seen.kind() == Event.Kind.LEDGER_ENTRY ? "tx_id" : "order_id"));
            });
        }
    }

    private static List<Seen> first200(Payments payments) {
        return LongStream.range(0, 200)
                .mapToObj(payments::history)
                .flatMap(history -> Seen.of(history).stream())
                .toList();
    }

    private static Seen entry(Payments payments, long n, String type) {
        return Seen.of(payments.history(n)).stream()
                .filter(seen -> type.equals(seen.text("entry_type")))
                .findFirst()
                .orElseThrow();
    }
}
