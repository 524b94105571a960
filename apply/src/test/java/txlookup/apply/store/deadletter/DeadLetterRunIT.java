package txlookup.apply.store.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static txlookup.apply.store.batch.StoreFixture.CUTOVER;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.Entity;
import txlookup.apply.replay.OrderRunner;
import txlookup.apply.store.batch.StoreFixture;
import txlookup.apply.store.position.FencedException;
import txlookup.profiles.events.EventProfiles;

/** Orders about dead letters end, whatever happens to the processes that carry them out. */
class DeadLetterRunIT {
    private static final String TOPIC = "ledger.entry.upserted";
    private static final DeadLetterSelection ALL = DeadLetterSelection.all();
    private static final DeadLetterOrder REPLAY = DeadLetterOrder.replay(ALL, "ann");
    private static final Duration SHORT = Duration.ofMillis(600);

    private StoreFixture fixture;
    private DeadLetterRuns runs;

    @BeforeEach
    void open() throws Exception {
        fixture = new StoreFixture();
        runs = new DeadLetterRuns(fixture.connections, SHORT);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void anOrderIsTakenOnceAndBelongsToItsGeneration() throws Exception {
        DeadLetterRun waiting = runs.order(REPLAY);

        assertThat(runs.take("consumer").orElseThrow().id()).isEqualTo(waiting.id());
        assertThat(runs.take("another")).isEmpty();
    }

    @Test
    void anOrderWhoseRunnerIsGoneIsResumedByAnotherWithoutCountingTwice() throws Exception {
        setAside(1, 1_200);
        DeadLetterRun first = runs.begin(REPLAY, "first");
        diesAfterOneBatch(first);
        setAside(1_201, 1_201);
        assertThat(runs.take("second")).isEmpty();

        DeadLetterRun second = taken("second");
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.doneTo()).isEqualTo(500);
        DeadLetterRun ended = carryOut(second).run();

        assertThat(ended.resolved()).isEqualTo(1_200);
        assertThat(ended.selected()).isEqualTo(1_200);
        assertThat(fixture.query("SELECT state, count(*) FROM dead_letter GROUP BY state ORDER BY state"))
                .containsExactly("OPEN 1", "RESOLVED 1200");
        assertThat(fixture.query("SELECT consumed::text FROM coverage WHERE kind = 'REPLAY'"))
                .containsExactly("1200");
        assertThatExceptionOfType(FencedException.class).isThrownBy(() -> runs.end(first));
    }

    @Test
    void aTrialWhoseRunnerIsGoneTellsWhatOneWithoutInterruptionTells() throws Exception {
        setAside(1, 700);
        DeadLetterRun first = runs.begin(DeadLetterOrder.trial(ALL, "ann"), "first");
        diesAfterOneBatch(first);

        assertThat(carryOut(taken("second")).run().resolved()).isEqualTo(700);
        assertThat(fixture.query("SELECT DISTINCT state, attempts FROM dead_letter"))
                .containsExactly("OPEN 0");
    }

    @Test
    void twoReplaysRunOneAfterTheOtherAndBothEnd() throws Exception {
        setAside(1, 600);
        DeadLetterRun one = runs.begin(DeadLetterOrder.replay(only(1, 2), "ann"), "first");
        DeadLetterRun two = runs.begin(REPLAY, "second");
        assertThat(two.takes()).isZero();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<DeadLetterRun> running = CompletableFuture.supplyAsync(() -> carryOut(one, done -> {
                    begun.countDown();
                    await(goOn);
                })
                .run());
        await(begun);

        // Longer than the lease, which is renewed meanwhile.
        Thread.sleep(2 * SHORT.toMillis());
        assertThat(runs.take("second")).isEmpty();
        goOn.countDown();

        assertThat(running.get(30, TimeUnit.SECONDS).resolved()).isEqualTo(2);
        assertThat(carryOut(taken("second")).run().resolved()).isEqualTo(598);
    }

    @Test
    void ofTwoThatLookAtOnceOnlyOneReplays() throws Exception {
        for (int i = 0; i < 20; i++) {
            fixture.execute("UPDATE dead_letter_run SET ended_at = now()");
            runs.order(REPLAY);
            runs.order(REPLAY);
            var one = CompletableFuture.supplyAsync(() -> take("one"));
            var two = CompletableFuture.supplyAsync(() -> take("two"));

            assertThat(List.of(one.get().isPresent(), two.get().isPresent())).containsOnlyOnce(true);
        }
    }

    @Test
    void aDiscardIsInNoReplaysWay() throws Exception {
        setAside(1, 1_100);
        DeadLetterRun replaying = runs.begin(REPLAY, "first");

        // Those of the second batch, while the first is being replayed.
        DeadLetterRun ended = carryOut(replaying, done -> {
                    if (done == 500) {
                        discard(only(501, 700));
                    }
                })
                .run();

        assertThat(ended.resolved()).isEqualTo(1_098);
        assertThat(fixture.query("SELECT state, count(*) FROM dead_letter GROUP BY state ORDER BY state"))
                .containsExactly("DISCARDED 2", "RESOLVED 1098");
    }

    @Test
    void whatIsDiscardedBetweenReadingAndApplyingIsNotApplied() throws Exception {
        setAside(1, 3);
        DeadLetterRun run = runs.begin(REPLAY, "first");
        CompletableFuture<OrderRunner.Outcome> replaying;
        try (Connection other = fixture.connections.getConnection();
                Statement statement = other.createStatement()) {
            statement.execute("UPDATE dead_letter SET state = 'DISCARDED' WHERE dead_letter_id = 2");
            replaying = CompletableFuture.supplyAsync(() -> carryOut(run, done -> {}));
            fixture.untilSomebodyWaitsForALock();
            other.commit();
        }

        assertThat(replaying.get(30, TimeUnit.SECONDS).run().resolved()).isEqualTo(2);
        assertThat(fixture.query("SELECT tx_id FROM ledger_entry ORDER BY 1")).containsExactly("tx-1", "tx-3");
    }

    @Test
    void aTransientFailureGivesTheOrderBackAtOnce() throws Exception {
        setAside(1, 600);
        DeadLetterRun run = runs.begin(REPLAY, "first");
        fixture.onceAfter(500, "RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'");

        assertThatThrownBy(() -> carryOut(run)).hasStackTraceContaining("no space left");

        assertThat(runs.find(run.id()).orElseThrow().failure()).isNull();
        fixture.execute("DROP TRIGGER once ON dead_letter");
        DeadLetterRun again = runs.take("second").orElseThrow();
        assertThat(again.tries()).isEqualTo(1);
        assertThat(carryOut(again).run().resolved()).isEqualTo(600);
    }

    @Test
    void anyOtherFailureEndsTheOrderWithItsReasonAndLeavesTheRestOpen() throws Exception {
        setAside(1, 600);
        DeadLetterRun run = runs.begin(REPLAY, "first");
        fixture.onceAfter(500, "RAISE EXCEPTION E'not \\x01 allowed' USING ERRCODE = '42501'");

        assertThatThrownBy(() -> carryOut(run)).hasStackTraceContaining("allowed");

        DeadLetterRun ended = runs.find(run.id()).orElseThrow();
        assertThat(ended.endedAt()).isNotNull();
        assertThat(ended.failure()).startsWith("SQLSTATE 42501: ERROR: not   allowed");
        assertThat(ended.resolved()).isEqualTo(500);
        assertThat(fixture.query("SELECT state, count(*) FROM dead_letter GROUP BY state ORDER BY state"))
                .containsExactly("OPEN 100", "RESOLVED 500");
        assertThat(runs.take("second")).isEmpty();
    }

    @Test
    void aFailureOfTheProgramEndsTheOrderToo() throws Exception {
        setAside(1, 2);
        DeadLetterRun run = runs.begin(REPLAY, "first");

        assertThatThrownBy(() -> carryOut(run, done -> {
                    throw new IllegalStateException("half of a pair \ud800");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(runs.find(run.id()).orElseThrow().failure())
                .isEqualTo("java.lang.IllegalStateException: half of a pair ?");
    }

    @Test
    void whoIsGoneAgainAndAgainAtOnePlaceIsCounted() throws Exception {
        setAside(1, 2);
        runs.order(REPLAY);
        for (int tries = 1; tries <= 3; tries++) {
            assertThat(taken("consumer " + tries).tries()).isEqualTo(tries);
        }
        DeadLetterRun orderly = taken("orderly");
        runs.release(orderly);
        assertThat(taken("next").tries()).isEqualTo(4);
    }

    @Test
    void manyAreDiscardedPieceByPieceAndAKilledDiscardIsResumed() throws Exception {
        fixture.claim(TOPIC, 0);
        fixture.execute("""
                INSERT INTO dead_letter (source_id, position, record_time, reason, detail)
                SELECT source_id, n, now(), CASE WHEN n % 2 = 0 THEN 'tombstone' ELSE 'parse_error' END, 'x'
                FROM coverage, generate_series(1, 50000) AS n""");
        DeadLetterOrder order =
                DeadLetterOrder.discard(new DeadLetterSelection(List.of(), "tombstone", null), "ann", "a load test");
        DeadLetterRun first = runs.begin(order, "first");
        diesAfterOneBatch(first);
        assertThat(fixture.query("SELECT discarded FROM dead_letter_run")).containsExactly("5000");

        assertThat(carryOut(taken("second")).run().discarded()).isEqualTo(25_000);
        assertThat(fixture.query("SELECT reason, state, count(*) FROM dead_letter GROUP BY 1, 2 ORDER BY 1"))
                .containsExactly("parse_error OPEN 25000", "tombstone DISCARDED 25000");
        assertThat(fixture.query("SELECT count(DISTINCT xmin::text) FROM dead_letter WHERE state = 'DISCARDED'"))
                .containsExactly("5");
    }

    @Test
    void anOrderOfAnEarlierVersionIsCarriedOutWithWhatItChose() throws Exception {
        setAside(1, 3);
        fixture.execute("""
                INSERT INTO dead_letter_run (action, actor, runner, selected) VALUES ('REPLAY', 'ann', 'gone', 3);
                UPDATE dead_letter SET state = 'REPLAYING', run_id = 1""");

        DeadLetterRun ended = carryOut(runs.take("consumer").orElseThrow()).run();

        assertThat(ended.resolved()).isEqualTo(3);
        assertThat(new DeadLetters(fixture.connections).page(ALL, EnumSet.of(DeadLetterState.RESOLVED), 0, 10))
                .hasSize(3);
    }

    /** Nothing that this process does reaches the store after its first batch, as if it were killed. */
    private void diesAfterOneBatch(DeadLetterRun run) {
        HikariDataSource itsOwn = fixture.anotherPool();
        assertThatThrownBy(() -> runner(itsOwn).carryOut(run, done -> itsOwn.close()))
                .isInstanceOf(SQLException.class);
    }

    private DeadLetterRun taken(String runner) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadline) {
            Optional<DeadLetterRun> taken = runs.take(runner);
            if (taken.isPresent()) {
                return taken.get();
            }
            Thread.sleep(20);
        }
        throw new AssertionError("no order was free within 20 s");
    }

    private Optional<DeadLetterRun> take(String runner) {
        try {
            return runs.take(runner);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void discard(DeadLetterSelection selection) {
        try {
            DeadLetterOrder order = DeadLetterOrder.discard(selection, "bob", "test data");
            carryOut(runs.begin(order, "bob"), done -> {});
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private OrderRunner.Outcome carryOut(DeadLetterRun run) throws Exception {
        return runner(fixture.connections).carryOut(run, done -> {});
    }

    private OrderRunner.Outcome carryOut(DeadLetterRun run, LongConsumer progress) {
        try {
            return runner(fixture.connections).carryOut(run, progress);
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private OrderRunner runner(HikariDataSource connections) {
        Decoder decoder = new Decoder(EventProfiles.load("canonical-v1"), Duration.ofDays(400), Clock.systemUTC());
        return new OrderRunner(
                connections, new DeadLetterRuns(connections, SHORT), decoder, Map.of(TOPIC, Entity.LEDGER_ENTRY));
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("not within 30 s");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static DeadLetterSelection only(long... ids) {
        return new DeadLetterSelection(java.util.Arrays.stream(ids).boxed().toList(), null, null);
    }

    /** Dead letters that can be read now, with these numbers. */
    private void setAside(int from, int to) throws Exception {
        fixture.claim(TOPIC, 0);
        try (Connection connection = fixture.connections.getConnection();
                var statement = connection.prepareStatement("""
                        INSERT INTO dead_letter (source_id, position, record_time, reason, detail, record_value)
                        SELECT source_id, ?, ?::timestamptz, 'future_timestamp', 'as the test says', ? FROM coverage
                        WHERE kind = 'STREAM'""")) {
            for (int i = from; i <= to; i++) {
                statement.setLong(1, i);
                statement.setString(2, CUTOVER.toString());
                statement.setBytes(3, """
                        {"tx_id":"tx-%d","wallet_id":"w","entry_type":"PAYMENT","amount":"1.00",\
                        "event_time":"2026-02-05T01:00:00Z","version":1}""".formatted(i).getBytes(UTF_8));
                statement.addBatch();
            }
            statement.executeBatch();
            connection.commit();
        }
    }
}
