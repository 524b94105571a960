package txlookup.guarantee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import txlookup.guarantee.fault.Fault;
import txlookup.guarantee.fault.SmallDisk;
import txlookup.guarantee.fleet.TrialServers;
import txlookup.guarantee.fleet.TrialStore;
import txlookup.guarantee.stream.TrialEvent;
import txlookup.guarantee.witness.History;
import txlookup.guarantee.witness.Oracle;
import txlookup.guarantee.witness.Replays;
import txlookup.guarantee.witness.Stored;
import txlookup.guarantee.witness.Witness;

/**
 * A random history is published while random faults happen to two consumers, their database, their broker and the
 * network between them. In the end the store equals the oracle, the coverage proves that nothing is missing, and every
 * bad record is a dead letter once.
 */
class GuaranteeIT {
    private static final String REPEAT =
            "mvn -pl guarantee -am test -Dtest=GuaranteeIT -Dsurefire.failIfNoSpecifiedTests=false -Dguarantee.seeds=";

    private static final Set<Fault> CHEAP = EnumSet.complementOf(EnumSet.of(
            Fault.RESTARTED_BROKER,
            Fault.REBALANCE,
            Fault.FROZEN_CONSUMER,
            Fault.KILLED_IN_A_REBALANCE,
            Fault.SLOW_ROWS,
            Fault.LOCKED_TABLE,
            Fault.FULL_DISK,
            Fault.ADDED_PARTITIONS,
            Fault.TWO_REPLAYS));

    private static boolean failed;

    static LongStream seeds() {
        String[] range = System.getProperty("guarantee.seeds").split("\\.\\.", 2);
        return LongStream.rangeClosed(Long.parseLong(range[0]), Long.parseLong(range[range.length - 1]));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whateverHappensTheStoreEndsUpRight(long seed) throws Exception {
        assumeFalse(failed && System.getProperty("guarantee.stopAtFirst") != null, "a seed before this one failed");
        Random random = new Random(seed);
        List<Fault> faults = faults(seed, random);
        TrialStore store = TrialServers.started().postgres;
        assumeTrue(
                faults.stream().allMatch(fault -> fault.strikes(store)),
                () -> "seed %d has a fault that cannot be made of the store that is given: %s".formatted(seed, faults));
        if (faults.contains(Fault.FULL_DISK)) {
            SmallDisk.assumeMountable();
        }
        long began = System.nanoTime();
        try (Trial trial = new Trial(TrialServers.started())) {
            run(trial, new History(seed), faults, random);
        } catch (Throwable e) {
            failed = true;
            TrialServers.started().keepLogs();
            throw new AssertionError(
                    "seed %d, with %s: %s%nRepeat with: %s%d"
                            .formatted(
                                    seed, faults, String.valueOf(e.getMessage()).strip(), REPEAT, seed),
                    e);
        } finally {
            System.out.printf("seed %d %s %d ms%n", seed, faults, (System.nanoTime() - began) / 1_000_000);
        }
    }

    /** One kind after the other, so that none is missing among as many seeds as there are kinds, and one or two cheap ones more. */
    private static List<Fault> faults(long seed, Random random) {
        List<Fault> all = List.of(Fault.values());
        List<Fault> faults = new ArrayList<>(List.of(all.get(Math.floorMod(seed, all.size()))));
        List<Fault> cheap = List.copyOf(CHEAP);
        for (int more = random.nextInt(3); more > 0; more--) {
            faults.add(random.nextInt(faults.size() + 1), cheap.get(random.nextInt(cheap.size())));
        }
        return faults;
    }

    private static void run(Trial trial, History history, List<Fault> faults, Random random) throws Exception {
        long logEnd = trial.servers.postgresLog();
        trial.fleet.start();
        trial.fleet.start();
        CountDownLatch faultsOver = new CountDownLatch(1);
        List<TrialEvent> log;
        try (Witness witness = new Witness(trial)) {
            CompletableFuture<Void> publishing = publish(trial, history, faultsOver, new Random(random.nextLong()));
            Trial.eventually("the first records applied", () -> Stored.consumed(trial) > 0);
            for (Fault fault : faults) {
                Thread.sleep(random.nextInt(300));
                fault.strike(trial, random);
                trial.servers.heal();
            }
            faultsOver.countDown();
            publishing.get(60, TimeUnit.SECONDS);
            log = trial.log();
            trial.awaitConsumed(log.size());
            assertThat(Stored.consumed(trial)).as("the coverage").isEqualTo(log.size());
            witness.requireNothingSeen();
        }
        Oracle oracle = new Oracle(log);
        assertRows("ledger entries", Stored.ledgerEntries(trial), oracle.ledgerEntries);
        assertRows("payment orders", Stored.paymentOrders(trial), oracle.paymentOrders);
        assertDeadLetters(trial, oracle);
        assertThat(Replays.undone(trial)).as("nothing waits for anybody").isEmpty();
        assertThat(trial.servers.postgresSaid(logEnd))
                .as("keys are locked in one order")
                .doesNotContain("deadlock detected");
    }

    /** All of it in bursts while faults happen; or two thirds, and the rest at once when they are over. */
    private static CompletableFuture<Void> publish(
            Trial trial, History history, CountDownLatch faultsOver, Random random) {
        List<List<TrialEvent>> bursts = history.bursts();
        int duringFaults = random.nextBoolean() ? bursts.size() : bursts.size() * 2 / 3;
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        for (int i = 0; i < bursts.size(); i++) {
                            trial.publish(bursts.get(i));
                            if (i >= duringFaults) {
                                faultsOver.await();
                            } else {
                                faultsOver.await(random.nextInt(150), TimeUnit.MILLISECONDS);
                            }
                        }
                    } catch (InterruptedException | ExecutionException e) {
                        throw new CompletionException("publishing failed", e);
                    }
                },
                task -> new Thread(task, "publisher").start());
    }

    private static void assertRows(String what, Map<String, List<String>> stored, Map<String, Oracle.Row> wanted) {
        assertThat(stored.keySet()).as(what).isEqualTo(wanted.keySet());
        stored.forEach((key, row) -> {
            Oracle.Row oracle = wanted.get(key);
            int columns = row.size() - 1;
            assertThat(row.subList(0, columns)).as(what + " " + key).isEqualTo(oracle.columns());
            if (!row.get(columns).equals(Stored.REPLAYED)) {
                assertThat(row.get(columns)).as("the origin of " + key).isIn(oracle.places());
            }
        });
    }

    private static void assertDeadLetters(Trial trial, Oracle oracle) throws Exception {
        List<Stored.DeadLetter> stored = Stored.deadLetters(trial);
        Map<String, String> reasons = new TreeMap<>();
        stored.forEach(one -> reasons.put(one.place(), one.reason()));
        assertThat(reasons).as("dead letters").isEqualTo(oracle.deadLetters);
        assertThat(stored).as("each once").hasSameSizeAs(reasons.keySet());
        assertThat(Stored.badDetails(trial)).as("details for no log").isEmpty();
        Map<String, TrialEvent> bad = oracle.bad;
        stored.forEach(one -> {
            TrialEvent event = bad.get(one.place());
            assertThat(Arrays.equals(one.key(), event.key()) && Arrays.equals(one.value(), event.value()))
                    .as("the bytes of " + one.place())
                    .isTrue();
        });
    }
}
