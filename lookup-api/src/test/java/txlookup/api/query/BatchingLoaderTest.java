package txlookup.api.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import txlookup.api.Eventually;
import txlookup.api.web.ProblemException;

class BatchingLoaderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration NEVER_LONG = Duration.ofHours(1);

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final List<List<String>> statements = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch slow = new CountDownLatch(1);

    @AfterEach
    void end() {
        slow.countDown();
        callers.shutdownNow();
    }

    /** Whatever begins with "slow" takes until {@link #slow} is open; "bad" is refused; "none" is not there. */
    private Map<String, String> read(List<String> keys) throws SQLException {
        statements.add(List.copyOf(keys));
        if (keys.get(0).startsWith("slow")) {
            try {
                slow.await();
            } catch (InterruptedException e) {
                throw new SQLException("interrupted", e);
            }
        }
        if (keys.contains("away")) {
            throw new SQLException("away: " + keys, "08006");
        }
        if (keys.contains("error")) {
            throw new StackOverflowError("of its own");
        }
        if (keys.contains("bad")) {
            throw new SQLException("refused: " + keys, "22021");
        }
        Map<String, String> found = new HashMap<>();
        keys.stream().filter(key -> !key.equals("none")).forEach(key -> found.put(key, "value of " + key));
        return found;
    }

    private Future<Optional<String>> ask(BatchingLoader<String> reads, String key) {
        return callers.submit(() -> reads.get(key));
    }

    /** A read that does not end before {@link #slow} is open, which nobody has waited for too long yet. */
    private Future<Optional<String>> begin(BatchingLoader<String> reads) {
        Future<Optional<String>> asked = ask(reads, "slow-1");
        Eventually.within(PATIENCE, "it is under way", () -> statements.size() == 1);
        return asked;
    }

    @Test
    void oneThatIsAloneIsReadAtOnceAndAlone() throws Exception {
        BatchingLoader<String> reads = new BatchingLoader<>(this::read, PATIENCE, NEVER_LONG);

        assertThat(reads.get("a")).contains("value of a");
        assertThat(reads.get("none")).isEmpty();
        assertThat(statements).containsExactly(List.of("a"), List.of("none"));
    }

    @Test
    void thoseThatComeWhileOthersAreUnderWayAreReadByOneStatement() throws Exception {
        BatchingLoader<String> reads = new BatchingLoader<>(this::read, PATIENCE, NEVER_LONG);
        Future<Optional<String>> first = begin(reads);
        List<Future<Optional<String>>> waiting = new ArrayList<>();
        for (String key : List.of("a", "b", "none", "a")) {
            waiting.add(ask(reads, key));
            Eventually.within(PATIENCE, "it waits", () -> reads.waiting() == waiting.size());
        }

        slow.countDown();

        assertThat(first.get(20, TimeUnit.SECONDS)).contains("value of slow-1");
        assertThat(waiting.get(0).get(20, TimeUnit.SECONDS)).contains("value of a");
        assertThat(waiting.get(1).get(20, TimeUnit.SECONDS)).contains("value of b");
        assertThat(waiting.get(2).get(20, TimeUnit.SECONDS)).isEmpty();
        assertThat(waiting.get(3).get(20, TimeUnit.SECONDS)).contains("value of a");
        assertThat(statements).hasSize(2).contains(List.of("a", "b", "none", "a"));
        assertThat(reads.get("c")).contains("value of c");
    }

    @Test
    void oneThatTheStoreRefusesSpoilsNoOther() throws Exception {
        BatchingLoader<String> reads = new BatchingLoader<>(this::read, PATIENCE, NEVER_LONG);
        Future<Optional<String>> first = begin(reads);
        Future<Optional<String>> good = ask(reads, "a");
        Eventually.within(PATIENCE, "it waits", () -> reads.waiting() == 1);
        Future<Optional<String>> bad = ask(reads, "bad");
        Eventually.within(PATIENCE, "it waits", () -> reads.waiting() == 2);

        slow.countDown();

        assertThat(first.get(20, TimeUnit.SECONDS)).contains("value of slow-1");
        assertThat(good.get(20, TimeUnit.SECONDS)).contains("value of a");
        assertThatThrownBy(() -> bad.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(SQLException.class)
                .hasMessage("refused: [bad]");
        assertThat(reads.get("c")).contains("value of c");
    }

    @Test
    void aStoreThatFailsIsAskedOnceForAllAndNotOnceForEach() throws Exception {
        BatchingLoader<String> reads = new BatchingLoader<>(this::read, PATIENCE, NEVER_LONG);
        begin(reads);
        List<Future<Optional<String>>> waiting = new ArrayList<>();
        for (String key : List.of("a", "away", "b", "c")) {
            waiting.add(ask(reads, key));
            Eventually.within(PATIENCE, "it waits", () -> reads.waiting() == waiting.size());
        }

        slow.countDown();

        for (Future<Optional<String>> one : waiting) {
            assertThatThrownBy(() -> one.get(20, TimeUnit.SECONDS)).rootCause().hasMessageStartingWith("away: ");
        }
        assertThat(statements).hasSize(2);
    }

    @Test
    void aLeaderThatDiesOfAnErrorLeavesNobodyWaiting() throws Exception {
        BatchingLoader<String> reads = new BatchingLoader<>(this::read, PATIENCE, NEVER_LONG);
        begin(reads);
        Future<Optional<String>> leader = ask(reads, "error");
        Eventually.within(PATIENCE, "it waits", () -> reads.waiting() == 1);
        Future<Optional<String>> follower = ask(reads, "a");
        Eventually.within(PATIENCE, "it waits", () -> reads.waiting() == 2);

        slow.countDown();

        assertThatThrownBy(() -> leader.get(20, TimeUnit.SECONDS)).cause().isInstanceOf(StackOverflowError.class);
        assertThatThrownBy(() -> follower.get(10, TimeUnit.SECONDS)).cause().isInstanceOf(SQLException.class);
        assertThat(reads.get("c")).contains("value of c");
    }

    @Test
    void whoCameJustAfterASlowOneNeedsNobodyElseToComeToBeAnswered() throws Exception {
        BatchingLoader<String> reads = new BatchingLoader<>(this::read, PATIENCE, Duration.ofMillis(300));
        Future<Optional<String>> first = begin(reads);

        assertThat(ask(reads, "a").get(10, TimeUnit.SECONDS)).contains("value of a");
        assertThat(first).isNotDone();

        slow.countDown();
        assertThat(first.get(20, TimeUnit.SECONDS)).contains("value of slow-1");
        Eventually.within(PATIENCE, "it has ended", () -> reads.underWay() == 0);
    }

    @Test
    void oneThatWaitedTooLongIsGivenUpAndHoldsNobodyUp() throws Exception {
        BatchingLoader<String> hasty = new BatchingLoader<>(this::read, Duration.ofMillis(50), NEVER_LONG);
        Future<Optional<String>> first = begin(hasty);

        assertThatThrownBy(() -> hasty.get("a")).isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(
                        problem.problem().status())
                .isEqualTo(503));
        assertThat(hasty.waiting()).isZero();

        slow.countDown();
        assertThat(first.get(20, TimeUnit.SECONDS)).contains("value of slow-1");
        Eventually.within(PATIENCE, "it has ended", () -> hasty.underWay() == 0);
        assertThat(hasty.get("b")).contains("value of b");
        assertThat(statements).doesNotContain(List.of("a"));
    }

    @Test
    void nobodyWaitsForOneThatTakesUnusuallyLong() throws Exception {
        BatchingLoader<String> reads = new BatchingLoader<>(this::read, PATIENCE, Duration.ofMillis(1));
        Future<Optional<String>> first = begin(reads);
        Thread.sleep(5);

        assertThat(reads.get("a")).contains("value of a");
        assertThat(first).isNotDone();
        assertThat(reads.underWay()).isEqualTo(1);

        slow.countDown();
        assertThat(first.get(20, TimeUnit.SECONDS)).contains("value of slow-1");
        Eventually.within(PATIENCE, "it has ended", () -> reads.underWay() == 0);
    }

    @Test
    void underLoadEachGetsItsOwnAndInTheEndNothingIsUnderWay() throws Exception {
        BatchingLoader<String> reads = new BatchingLoader<>(this::read, PATIENCE, NEVER_LONG);
        List<Future<?>> asked = new ArrayList<>();
        for (int caller = 0; caller < 32; caller++) {
            String own = "key-" + caller + "-";
            asked.add(callers.submit(() -> {
                for (int n = 0; n < 2_000; n++) {
                    assertThat(reads.get(own + n)).contains("value of " + own + n);
                }
                return null;
            }));
        }
        for (Future<?> one : asked) {
            one.get(60, TimeUnit.SECONDS);
        }
        assertThat(reads.underWay()).isZero();
        assertThat(reads.waiting()).isZero();
    }
}
