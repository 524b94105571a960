package txlookup.traffic;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A deterministic world of payments, numbered from 0. Payment {@code n} is one order and its two ledger entries, PAYMENT
 * and RECEIVE; one in a thousand has not reached its payee yet. Payments below {@code settled} happened in the day before
 * {@code cutover}, the others from then on.
 *
 * @param seed the same seed gives the same payments
 * @param cutover the instant between past and live payments
 * @param settled how many payments are in the past
 */
public record Payments(long seed, Instant cutover, long settled) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Duration PAST = Duration.ofHours(24);
    private static final Duration LIVE_STEP = Duration.ofMillis(1);
    private static final Duration SETTLING = Duration.ofMillis(350);
    private static final int WALLETS = 20_000;
    private static final int UNPAIRED_ONE_IN = 1000;
    private static final List<String> MERCHANTS =
            List.of("Haneul Mart", "한강 서점", "Café Mirae", "Dolgorae Mobility", "청춘 약국", "Baram Cinema");

    /** How far a payment got. */
    private enum Step {
        CREATED(1, "CREATED"),
        SETTLED(2, "SETTLED");

        private final long version;
        private final String status;

        Step(long version, String status) {
            this.version = version;
            this.status = status;
        }
    }

    /** The id of payment {@code n}'s ledger entry of type PAYMENT. */
    public static String paymentTxId(long n) {
        return "tx-%010d-p".formatted(n);
    }

    public static String orderId(long n) {
        return "po-%010d".formatted(n);
    }

    /** Everything that happened to payment {@code n}, in the order in which it happened. */
    public List<Event> history(long n) {
        List<Event> events = new ArrayList<>(4);
        events.add(order(n, Step.CREATED));
        events.addAll(entries(n));
        events.add(order(n, isPaired(n) ? Step.SETTLED : Step.CREATED));
        return events;
    }

    /** The latest state of payment {@code n}, as a backfill's extract holds it. */
    public List<Event> state(long n) {
        List<Event> events = new ArrayList<>(3);
        events.addAll(state(n, Event.Kind.LEDGER_ENTRY));
        events.addAll(state(n, Event.Kind.PAYMENT_ORDER));
        return events;
    }

    /** The events of one kind among them. */
    public List<Event> state(long n, Event.Kind kind) {
        return switch (kind) {
            case LEDGER_ENTRY -> entries(n);
            case PAYMENT_ORDER -> List.of(order(n, isPaired(n) ? Step.SETTLED : Step.CREATED));
        };
    }

    private boolean isPaired(long n) {
        return random(n).nextInt(UNPAIRED_ONE_IN) != 0;
    }

    private List<Event> entries(long n) {
        List<Event> entries = new ArrayList<>(2);
        entries.add(entry(n, "PAYMENT"));
        if (isPaired(n)) {
            entries.add(entry(n, "RECEIVE"));
        }
        return entries;
    }

    private Event entry(long n, String type) {
        boolean pays = type.equals("PAYMENT");
        SplittableRandom random = random(n);
        random.nextInt(UNPAIRED_ONE_IN);
        int payer = random.nextInt(WALLETS);
        int payee = random.nextInt(WALLETS);
        BigDecimal amount = amount(random);
        Instant at = pays ? timeOf(n) : timeOf(n).plus(SETTLING.dividedBy(2));
        String txId = pays ? paymentTxId(n) : "tx-%010d-r".formatted(n);
        byte[] value = write(json -> {
            json.writeStringProperty("tx_id", txId);
            json.writeStringProperty("wallet_id", "wallet-%06d".formatted(pays ? payer : payee));
            json.writeStringProperty("entry_type", type);
            json.writeStringProperty("amount", amount.toPlainString());
            json.writeStringProperty("amount_signed", pays ? amount.negate().toPlainString() : amount.toPlainString());
            json.writeStringProperty("related_id", orderId(n));
            json.writeStringProperty("related_type", "PAYMENT_ORDER");
            json.writeStringProperty("event_time", at.toString());
            json.writeStringProperty("created_at", at.toString());
            json.writeStringProperty("updated_at", at.toString());
            json.writeNumberProperty("version", 1);
        });
        return new Event(Event.Kind.LEDGER_ENTRY, txId, value);
    }

    private Event order(long n, Step step) {
        SplittableRandom random = random(n);
        random.nextInt(UNPAIRED_ONE_IN);
        int payer = random.nextInt(WALLETS);
        random.nextInt(WALLETS);
        BigDecimal amount = amount(random);
        String merchant = MERCHANTS.get(random.nextInt(MERCHANTS.size()));
        Instant created = timeOf(n);
        byte[] value = write(json -> {
            json.writeStringProperty("order_id", orderId(n));
            json.writeStringProperty("user_id", "user-%06d".formatted(payer));
            json.writeStringProperty("merchant_name", merchant);
            json.writeStringProperty("amount", amount.toPlainString());
            json.writeStringProperty("status", step.status);
            json.writeStringProperty("created_at", created.toString());
            json.writeStringProperty(
                    "updated_at", (step == Step.CREATED ? created : created.plus(SETTLING)).toString());
            json.writeNumberProperty("version", step.version);
        });
        return new Event(Event.Kind.PAYMENT_ORDER, orderId(n), value);
    }

    private Instant timeOf(long n) {
        if (n >= settled) {
            return cutover.plus(LIVE_STEP.multipliedBy(n - settled));
        }
        return cutover.minus(PAST).plusMillis((PAST.toMillis() - SETTLING.toMillis()) * n / settled);
    }

    private static BigDecimal amount(SplittableRandom random) {
        return BigDecimal.valueOf(random.nextLong(100, 50_000_000), 2);
    }

    /** Every payment draws from its own generator, so that any one of them can be made without the others. */
    private SplittableRandom random(long n) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + n);
    }

    private interface Members {
        void write(JsonGenerator json);
    }

    private static byte[] write(Members members) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(320);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }
}
