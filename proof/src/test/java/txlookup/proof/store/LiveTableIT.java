package txlookup.proof.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.apply.model.Entity;
import txlookup.apply.store.position.Lease;
import txlookup.backfill.source.Input;
import txlookup.backfill.source.TableInput;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.proof.ProofFixture;
import txlookup.proof.SnapshotJson;
import txlookup.proof.Verification;
import txlookup.proof.compare.Difference;
import txlookup.proof.compare.Difference.Kind;
import txlookup.proof.compare.Difference.Outcome;
import txlookup.proof.compare.StoredVersion;
import txlookup.proof.compare.VerificationSettings;
import txlookup.proof.compare.Window;
import txlookup.proof.repair.Repair;
import txlookup.proof.source.InputSide;

/** Tables of a source that go on changing, with a store that follows a little later. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LiveTableIT {
    private static final String TABLE = """
            CREATE TABLE payment_orders (order_id text PRIMARY KEY, user_id text, amount numeric, status text,
                created_at timestamptz, updated_at timestamptz, version bigint)""";

    private static final String ROWS = """
            INSERT INTO payment_orders
            SELECT 'o''' || n, 'user', n * 1.10, 'PAID', timestamptz '2026-02-05 00:00:00+00' + n * interval '1 second',
                   timestamptz '2026-02-05 00:00:00+00' + n * interval '1 second', 1
            FROM generate_series(1, 6000) AS n""";

    private static final String CHANGE = """
            UPDATE payment_orders SET version = version + 1, updated_at = now(), status = 'REFUNDED'
            WHERE version = 1 AND order_id IN (SELECT order_id FROM payment_orders WHERE version = 1 LIMIT 40)
            RETURNING order_id""";

    private final TestDatabase database = SharedPostgres.newDatabase();
    private final HikariDataSource tables = new HikariDataSource();
    private ProofFixture fixture;
    private InputSide source;
    private List<Input> inputs;

    @BeforeEach
    void load() throws Exception {
        tables.setJdbcUrl(database.jdbcUrl());
        tables.setUsername(database.user());
        tables.setPassword(database.password());
        execute(TABLE, ROWS);
        fixture = new ProofFixture();
        inputs = List.of(new TableInput(tables, "payment_orders", "order_id", Entity.PAYMENT_ORDER));
        fixture.load(inputs);
        source = new InputSide(inputs, ProofFixture::decoder, Instant.now());
    }

    @AfterEach
    void close() {
        fixture.close();
        tables.close();
        SharedPostgres.drop(database);
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = tables.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private Verification verification(Duration confirmAfter) {
        return new Verification(source, fixture.storeSide, new VerificationSettings(10, 1_000, 1_000, confirmAfter));
    }

    @Test
    @Tag("nightly")
    void whatIsOnItsWayIsNoDrift() throws Exception {
        // Nothing is excluded by its time here, so that only the second reading is between traffic and a false alarm.
        Window everything = new Window(null, Instant.now().plusSeconds(3600));
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> traffic = thread.submit((Callable<Integer>) this::changeAndFollowLater);
            int passes = 0;
            while (!traffic.isDone()) {
                assertThat(verification(Duration.ofSeconds(1)).run(everything).differences())
                        .isEmpty();
                passes++;
            }
            assertThat(traffic.get()).isEqualTo(6000);
            assertThat(passes).isPositive();
        } finally {
            thread.shutdownNow();
        }
    }

    /** Every order changes once; the store hears of it 50 ms later. */
    private int changeAndFollowLater() throws Exception {
        Lease claim = fixture.claim("orders");
        int changed = 0;
        for (List<String> keys = change(); !keys.isEmpty(); keys = change()) {
            Thread.sleep(50);
            List<byte[]> events = source.find(Entity.PAYMENT_ORDER, keys).values().stream()
                    .map(held -> new SnapshotJson(held.snapshot()).bytes())
                    .toList();
            claim = fixture.apply(claim, Entity.PAYMENT_ORDER, Instant.now(), events);
            changed += keys.size();
        }
        return changed;
    }

    private List<String> change() throws SQLException {
        List<String> keys = new ArrayList<>();
        try (Connection connection = tables.getConnection();
                PreparedStatement statement = connection.prepareStatement(CHANGE);
                var row = statement.executeQuery()) {
            while (row.next()) {
                keys.add(row.getString(1));
            }
        }
        return keys;
    }

    @Test
    void aRowThatWasTamperedWithIsReplacedWhateverVersionItClaims() throws Exception {
        fixture.execute("""
                UPDATE payment_order SET updated_at = '2027-01-01', version = 99, amount = 0 WHERE order_id = 'o''7'""");
        fixture.execute("UPDATE payment_order SET digest = digest + 1 WHERE order_id = 'o''8'");
        fixture.execute("DELETE FROM payment_order WHERE order_id = 'o''9'");
        execute("DELETE FROM payment_orders WHERE order_id = 'o''10'");
        Window window = new Window(null, Instant.now());
        Verification verification = verification(Duration.ZERO);

        List<Difference> found = verification.run(window).differences();
        assertThat(found)
                .extracting(Difference::key, Difference::kind)
                .containsExactly(
                        tuple("o'10", Kind.EXTRA),
                        tuple("o'7", Kind.FIELD),
                        tuple("o'8", Kind.FIELD),
                        tuple("o'9", Kind.MISSING));
        assertThat(found.get(1).fields()).containsExactly("amount", "updated_at", "version");
        assertThat(found.get(2).fields()).containsExactly("digest");

        Repair repair = new Repair(fixture.connections, verification, source, "test");
        assertThat(repair.carryOut(found, window))
                .extracting(Difference::outcome)
                .containsExactlyInAnyOrder(Outcome.QUARANTINED, Outcome.REPAIRED, Outcome.REPAIRED, Outcome.REPAIRED);
        assertThat(fixture.one("SELECT amount || ' ' || version FROM payment_order WHERE order_id = 'o''7'"))
                .isEqualTo("7.70 1");
        assertThat(fixture.one("SELECT content ->> 'version' FROM quarantine WHERE key = 'o''7'"))
                .isEqualTo("99");
        assertThat(fixture.one("SELECT count(*) FROM payment_order WHERE order_id = 'o''10'"))
                .as("an extra row stays where it is")
                .isEqualTo("1");
        assertThat(repair.withQuarantined(verification.run(window).differences()))
                .singleElement()
                .returns(Outcome.QUARANTINED, Difference::outcome);
        assertThat(fixture.one("SELECT consumed || ' ' || applied FROM coverage WHERE kind = 'REPAIR'"))
                .isEqualTo("3 3");
    }

    @Test
    void aRepairLeavesARowAloneThatChangedSinceItWasRead() throws Exception {
        fixture.execute("UPDATE payment_order SET amount = 0 WHERE order_id = 'o''7'");
        Window window = new Window(null, Instant.now());
        Verification verification = verification(Duration.ZERO);
        List<Difference> found = verification.run(window).differences();
        StoredVersion held =
                fixture.storeSide.find(Entity.PAYMENT_ORDER, List.of("o'7")).get("o'7");
        fixture.apply(
                fixture.claim("orders"),
                Entity.PAYMENT_ORDER,
                Instant.now(),
                List.of(new SnapshotJson(held.snapshot())
                        .version(held.snapshot(), 1, Instant.now())
                        .put("amount", "5.00")
                        .bytes()));

        new Repair(fixture.connections, verification, source, "test").carryOut(found, window);

        assertThat(fixture.one("SELECT amount || ' ' || version FROM payment_order WHERE order_id = 'o''7'"))
                .isEqualTo("5.00 2");
        assertThat(fixture.one("SELECT count(*) FROM quarantine")).isEqualTo("0");
    }
}
