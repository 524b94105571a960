package txlookup.apply.store.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.apply.store.batch.StoreFixture.CUTOVER;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import txlookup.apply.model.Decoded;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.Source;

/**
 * docs/contract.md, Which snapshot wins: the final state is a function of the set of snapshots seen. A random history
 * is delivered in random order, with duplicates, cut into random batches, over two partitions and a backfill at once.
 */
public class ConvergenceIT {
    public static final String ROWS =
            "SELECT tx_id, wallet_id, amount, updated_at, version, source_time, digest FROM ledger_entry ORDER BY tx_id";

    static IntStream seeds() {
        return IntStream.range(0, 12);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void everyDeliveryOfASetEndsInTheSameStore(int seed) throws Exception {
        RandomHistory history = new RandomHistory(seed);
        List<String> first = storeAfter(history, new Random(seed * 31L));
        List<String> second = storeAfter(history, new Random(seed * 31L + 7));
        assertThat(first).as("seed %d", seed).isEqualTo(history.winners());
        assertThat(second).as("seed %d", seed).isEqualTo(history.winners());
    }

    private static List<String> storeAfter(RandomHistory history, Random random) throws Exception {
        try (StoreFixture fixture = new StoreFixture()) {
            List<List<Decoded>> deliveries = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (Decoded snapshot : history.snapshots()) {
                deliveries.get(random.nextInt(3)).add(snapshot);
                while (random.nextInt(4) == 0) {
                    deliveries.get(random.nextInt(3)).add(snapshot);
                }
            }
            ExecutorService threads = Executors.newFixedThreadPool(3);
            try {
                List<Future<Void>> running = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    List<Decoded> delivery = deliveries.get(i);
                    Collections.shuffle(delivery, random);
                    Lease claim = claim(fixture, i);
                    long seed = random.nextLong();
                    running.add(threads.submit((Callable<Void>) () -> {
                        deliver(fixture, claim, delivery, new Random(seed));
                        return null;
                    }));
                }
                for (Future<Void> one : running) {
                    one.get();
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(fixture.query("SELECT sum(consumed) FROM coverage"))
                    .containsExactly(Integer.toString(
                            deliveries.stream().mapToInt(List::size).sum()));
            return fixture.query(ROWS);
        }
    }

    private static Lease claim(StoreFixture fixture, int i) throws SQLException {
        if (i < 2) {
            return fixture.claim("ledger", i);
        }
        Source backfill = new Source(Source.Kind.BACKFILL, "extract.ndjson", Source.NO_PARTITION);
        fixture.store.register(backfill, null, null, 0, CUTOVER);
        return fixture.store.claim(backfill, "test").orElseThrow();
    }

    private static void deliver(StoreFixture fixture, Lease claim, List<Decoded> delivery, Random random)
            throws SQLException {
        Lease current = claim;
        for (int from = 0; from < delivery.size(); ) {
            int to = Math.min(from + 1 + random.nextInt(60), delivery.size());
            current = fixture.apply(current, delivery.subList(from, to)).claim();
            from = to;
        }
    }
}
