package txlookup.apply.store.pairing;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.apply.store.batch.StoreFixture.CUTOVER;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.model.LedgerEntry;
import txlookup.apply.model.PaymentOrder;
import txlookup.apply.model.Snapshot.Origin;
import txlookup.apply.store.batch.StoreFixture;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.Source;
import txlookup.apply.store.repair.SeenRow;
import txlookup.apply.store.sql.Statements;

/** The list of open payments says what the entries say, whatever is applied at once and in whatever order. */
class OpenPaymentsIT {
    private static final String LISTED = "SELECT order_id, missing, tx_id, merchant_name FROM open_payment ORDER BY 1";
    private static final long SEED = 20_261_128;
    private static final int WRITERS = 4;
    private static final int BATCHES = 60;
    private static final int LOOKS = 4;

    private StoreFixture fixture;
    private OpenPayments openPayments;
    private OpenPaymentsCheck check;
    private long digest;

    @BeforeEach
    void open() throws SQLException {
        fixture = new StoreFixture();
        openPayments = new OpenPayments(fixture.connections);
        check = new OpenPaymentsCheck(fixture.connections);
    }

    void lookSpread() {
        fixture.lookSpread();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aPaymentIsListedWhileOneSideIsHere() throws SQLException {
        Lease claim = fixture.apply(
                        fixture.claim("ledger", 0),
                        entry("TX-1", "PAYMENT", "ORD-1", "PAYMENT_ORDER", 1),
                        order("ORD-1", "Cafe"))
                .claim();
        openPayments.mend(Duration.ZERO);
        assertThat(fixture.query(LISTED)).containsExactly("ORD-1 RECEIVE TX-1 Cafe");

        claim = fixture.apply(claim, order("ORD-1", "Bistro")).claim();
        openPayments.mend(Duration.ZERO);
        assertThat(fixture.query(LISTED)).containsExactly("ORD-1 RECEIVE TX-1 Bistro");

        fixture.apply(claim, entry("TX-2", "RECEIVE", "ORD-1", "PAYMENT_ORDER", 1));
        openPayments.mend(Duration.ZERO);
        assertThat(fixture.query(LISTED)).isEmpty();
        assertThat(check.wrong()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void aListedPaymentWhoseSidesComeTogetherLeavesALongListAndAShortOne(int others) throws SQLException {
        Lease claim = fixture.apply(
                        fixture.claim("ledger", 0),
                        entry("TX-1", "PAYMENT", "ORD-1", "PAYMENT_ORDER", 1),
                        entry("TX-2", "PAYMENT", "ORD-2", "PAYMENT_ORDER", 1))
                .claim();
        openPayments.mend(Duration.ZERO);
        List<LedgerEntry> sides = new ArrayList<>(List.of(
                entry("TX-3", "PAYMENT", "ORD-1", "PAYMENT_ORDER", 1),
                entry("TX-4", "RECEIVE", "ORD-1", "PAYMENT_ORDER", 1)));
        for (int other = 0; other < others; other++) {
            sides.add(entry("TX-P" + other, "PAYMENT", "ORD-N" + other, "PAYMENT_ORDER", 1));
            sides.add(entry("TX-R" + other, "RECEIVE", "ORD-N" + other, "PAYMENT_ORDER", 1));
        }

        fixture.apply(claim, sides.toArray(LedgerEntry[]::new));
        openPayments.mend(Duration.ZERO);

        assertThat(fixture.query(LISTED)).containsExactly("ORD-2 RECEIVE TX-2 null");
        assertThat(check.wrong()).isEmpty();
    }

    @Test
    void whatCameALittleAgoIsNotLookedAtYet() throws SQLException {
        fixture.apply(fixture.claim("ledger", 0), entry("TX-1", "PAYMENT", "ORD-1", "PAYMENT_ORDER", 1));

        openPayments.mend(Duration.ofHours(1));

        assertThat(fixture.query(LISTED)).isEmpty();
        assertThat(fixture.query("SELECT payment_ids FROM pairing_due")).containsExactly("{ORD-1}");
        assertThat(check.wrong()).isEmpty();
    }

    @Test
    void aSideThatLeavesOrStopsBeingOneOpensWhatItLeft() throws SQLException {
        Lease claim = fixture.apply(
                        fixture.claim("ledger", 0),
                        entry("TX-1", "PAYMENT", "ORD-1", "PAYMENT_ORDER", 1),
                        entry("TX-2", "RECEIVE", "ORD-1", "PAYMENT_ORDER", 1),
                        entry("TX-3", "PAYMENT", "ORD-2", "PAYMENT_ORDER", 1),
                        entry("TX-4", "RECEIVE", "ORD-2", "PAYMENT_ORDER", 1))
                .claim();
        openPayments.mend(Duration.ZERO);
        assertThat(fixture.query(LISTED)).isEmpty();

        fixture.apply(
                claim,
                entry("TX-2", "RECEIVE", "ORD-9", "PAYMENT_ORDER", 2),
                entry("TX-4", "FEE", "ORD-2", "PAYMENT_ORDER", 2));
        openPayments.mend(Duration.ZERO);

        assertThat(fixture.query(LISTED))
                .containsExactly("ORD-1 RECEIVE TX-1 null", "ORD-2 RECEIVE TX-3 null", "ORD-9 PAYMENT TX-2 null");
        assertThat(check.wrong()).isEmpty();
    }

    @Test
    void aRepairThatTakesASideAwayOpensThePayment() throws SQLException {
        LedgerEntry wrong = entry("TX-2", "RECEIVE", "ORD-1", "PAYMENT_ORDER", 1);
        fixture.apply(fixture.claim("ledger", 0), entry("TX-1", "PAYMENT", "ORD-1", "PAYMENT_ORDER", 1), wrong);
        openPayments.mend(Duration.ZERO);
        Source source = new Source(Source.Kind.REPAIR, "files", Source.NO_PARTITION);
        fixture.store.register(source, null, null, 0, CUTOVER);
        Lease claim = fixture.store.claim(source, "test").orElseThrow();

        fixture.store.repair(
                claim,
                Entity.LEDGER_ENTRY,
                List.of(entry("TX-2", "FEE", null, null, 1).at(0)),
                List.of(new SeenRow("TX-2", null, 1L, wrong.origin().digest())),
                new Checkpoint(1, null, 0, null, false));
        openPayments.mend(Duration.ZERO);

        assertThat(fixture.query(LISTED)).containsExactly("ORD-1 RECEIVE TX-1 null");
        assertThat(check.wrong()).isEmpty();
    }

    @Test
    void writersThatChangeTheSamePaymentsAtOnceNeverMakeTheListWrong() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                Lease claim = fixture.claim("ledger", writer);
                Random random = new Random(SEED + writer);
                running.add(threads.submit(() -> write(claim, random, looks)));
            }
            while (running.stream().anyMatch(one -> !one.isDone())) {
                openPayments.mend(Duration.ZERO);
                assertThat(check.wrong())
                        .as("while it is written, seed " + SEED)
                        .isEmpty();
                looks.incrementAndGet();
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        openPayments.mend(Duration.ZERO);
        assertThat(check.wrong()).as("in the end, seed " + SEED).isEmpty();
        List<String> mended = fixture.query("SELECT * FROM open_payment ORDER BY order_id");
        try (Connection connection = fixture.connections.getConnection()) {
            OpenPayments.fill(connection);
        }
        assertThat(fixture.query("SELECT * FROM open_payment ORDER BY order_id"))
                .isEqualTo(mended)
                .hasSizeGreaterThan(3);
    }

    @Test
    void aListThatIsWrongIsFoundAndMended() throws SQLException {
        fixture.apply(
                fixture.claim("ledger", 0),
                entry("TX-1", "PAYMENT", "ORD-1", "PAYMENT_ORDER", 1),
                entry("TX-2", "PAYMENT", "ORD-2", "PAYMENT_ORDER", 1));
        openPayments.mend(Duration.ZERO);
        fixture.execute("DELETE FROM open_payment WHERE order_id = 'ORD-1';"
                + " INSERT INTO open_payment VALUES (now(), 'ORD-8', 'PAYMENT', 'TX-8', 1)");

        assertThat(check.wrong()).containsExactly("ORD-1", "ORD-8");
        check.repair(check.wrong());
        openPayments.mend(Duration.ZERO);

        assertThat(check.wrong()).isEmpty();
        assertThat(fixture.query("SELECT order_id FROM open_payment ORDER BY 1"))
                .containsExactly("ORD-1", "ORD-2");
    }

    @Test
    void oneProcessAtATimeMendsTheList() throws SQLException {
        fixture.apply(fixture.claim("ledger", 0), entry("TX-1", "PAYMENT", "ORD-1", "PAYMENT_ORDER", 1));
        try (Connection other = fixture.connections.getConnection()) {
            Statements.execute(
                    other, "SELECT pg_advisory_xact_lock(1954049904, current_schema()::regnamespace::oid::integer)");
            openPayments.mend(Duration.ZERO);
            assertThat(fixture.query(LISTED)).isEmpty();
            other.rollback();
        }
        openPayments.mend(Duration.ZERO);
        assertThat(fixture.query(LISTED)).hasSize(1);
    }

    /** Goes on, slower, until the list was looked at often enough: a look ends when there is nothing more to mend. */
    private Object write(Lease first, Random random, AtomicInteger looks) throws SQLException, InterruptedException {
        Lease claim = first;
        for (int batch = 0; batch < BATCHES || looks.get() < LOOKS; batch++) {
            if (batch >= BATCHES) {
                Thread.sleep(20);
            }
            List<Decoded> decoded = new ArrayList<>();
            for (int row = 0; row < 8; row++) {
                String order = random.nextInt(8) == 0 ? null : "ORD-" + random.nextInt(12);
                if (random.nextInt(5) == 0) {
                    decoded.add(order("ORD-" + random.nextInt(12), "M-" + random.nextInt(3)));
                } else {
                    String type = List.of("PAYMENT", "RECEIVE", "FEE").get(random.nextInt(3));
                    String of = List.of("PAYMENT_ORDER", "PAYMENT_ORDER", "CAMPAIGN", "")
                            .get(random.nextInt(4));
                    decoded.add(entry(
                            "TX-" + random.nextInt(40), type, order, of.isEmpty() ? null : of, random.nextInt(1_000)));
                }
            }
            claim = fixture.apply(claim, decoded).claim();
        }
        return claim;
    }

    private LedgerEntry entry(
            String txId, String type, @Nullable String relatedId, @Nullable String relatedType, long version) {
        return new LedgerEntry(
                txId,
                "wallet",
                type,
                BigDecimal.TEN,
                null,
                relatedId,
                relatedType,
                CUTOVER,
                CUTOVER,
                null,
                version,
                new Origin(0, CUTOVER, next()));
    }

    private PaymentOrder order(String orderId, String merchant) {
        long version = next();
        return new PaymentOrder(
                orderId,
                "U",
                merchant,
                BigDecimal.TEN,
                "PAID",
                CUTOVER,
                null,
                version,
                new Origin(0, CUTOVER, version));
    }

    private synchronized long next() {
        return ++digest;
    }
}
