package txlookup.apply.store.position;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.apply.store.batch.StoreFixture;

/** Partitions that are added to a topic, any number of them, are claimed by any workers in any order. */
class AddedPartitionsIT {
    private static final String KNOWN =
            "SELECT partition, start_position, next_position FROM coverage ORDER BY partition";

    private StoreFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new StoreFixture();
        fixture.claim("ledger", 0);
        fixture.claim("ledger", 1);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void theHighestAddedPartitionMayComeFirst() throws Exception {
        for (int partition = 15; partition >= 0; partition--) {
            assertThat(claimed(partition))
                    .as("claim of partition %d", partition)
                    .isEqualTo(0);
        }
        assertThat(fixture.query(KNOWN))
                .containsExactlyElementsOf(
                        IntStream.range(0, 16).mapToObj(i -> i + " 0 0").toList());
    }

    @Test
    void claimsThatComeAtOnceInRandomOrderAllSucceed() throws Exception {
        for (int seed = 0; seed < 10; seed++) {
            String topic = "topic-" + seed;
            fixture.claim(topic, 0);
            List<Callable<Long>> claims = new ArrayList<>();
            IntStream.range(1, 16).forEach(partition -> claims.add(() -> claimed(topic, partition)));
            Collections.shuffle(claims, new Random(seed));
            ExecutorService workers = Executors.newFixedThreadPool(8);
            try {
                for (Future<Long> claim : workers.invokeAll(claims)) {
                    assertThat(claim.get()).as("seed %d", seed).isEqualTo(0);
                }
            } finally {
                workers.shutdownNow();
            }
        }
    }

    @Test
    void oneThatIsMissingBelowTheHighestIsNoneThatWasAdded() throws Exception {
        Source missing = new Source(Source.Kind.STREAM, "ledger", 0);
        delete(missing);
        fixture.store.registerAdded(missing);
        assertThat(fixture.store.claim(missing, "test")).isEmpty();
    }

    private void delete(Source source) throws Exception {
        try (var connection = fixture.connections.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("DELETE FROM coverage WHERE partition = " + source.partition());
            connection.commit();
        }
    }

    private long claimed(int partition) throws Exception {
        return claimed("ledger", partition);
    }

    /** As a worker does it. */
    private long claimed(String topic, int partition) throws Exception {
        Source source = new Source(Source.Kind.STREAM, topic, partition);
        if (fixture.store.claim(source, "test").isEmpty()) {
            fixture.store.registerAdded(source);
        }
        return fixture.store.claim(source, "test").orElseThrow().startPosition();
    }
}
