package txlookup.api.console.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import txlookup.api.Eventually;
import txlookup.api.web.ProblemException;

/** A browser that takes nothing is in nobody's way. */
@Timeout(30)
class WatchersTest {
    private static final Pipeline LOOK =
            new Pipeline(Instant.EPOCH, List.of(), List.of(), List.of(), null, 0, null, List.of());

    private final Watchers watchers = new Watchers();

    @AfterEach
    void close() {
        watchers.close();
    }

    @Test
    void oneThatIsStuckMissesLooksAndTheOthersMissNone() throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        Counting slow = new Counting(stuck);
        Counting quick = new Counting(new CountDownLatch(0));
        watchers.add(slow);
        watchers.add(quick);

        for (int look = 1; look <= 5; look++) {
            int seen = look;
            Eventually.within(Duration.ofSeconds(5), "the quick one sees look " + look, () -> {
                watchers.tell(LOOK);
                return quick.seen.get() >= seen;
            });
        }
        assertThat(slow.seen).hasValue(1);

        stuck.countDown();
        Eventually.within(Duration.ofSeconds(5), "the slow one sees the next look", () -> {
            watchers.tell(LOOK);
            return slow.seen.get() >= 2;
        });
    }

    @Test
    void oneThatFailsIsToldAgain() {
        Counting failing = new Counting(new CountDownLatch(0)) {
            @Override
            public void seen(Pipeline pipeline) {
                super.seen(pipeline);
                throw new IllegalStateException("a test");
            }
        };
        watchers.add(failing);
        Eventually.within(Duration.ofSeconds(5), "it is told twice", () -> {
            watchers.tell(LOOK);
            return failing.seen.get() >= 2;
        });
    }

    @Test
    void oneThatNobodyEndedIsEndedByItsAge() {
        Counting old = new Counting(new CountDownLatch(0));
        watchers.add(old);
        watchers.endOld();
        assertThat(watchers.size()).isEqualTo(1);
        watchers.endOld(System.nanoTime());
        assertThat(watchers.size()).isZero();
        assertThat(old.ends).hasValue(1);
    }

    @Test
    void thereIsRoomForSoMany() {
        for (int one = 0; one < Watchers.MOST; one++) {
            watchers.requireRoom();
            watchers.add(new Counting(new CountDownLatch(0)));
        }
        assertThatThrownBy(watchers::requireRoom).isInstanceOf(ProblemException.class);
    }

    private static class Counting implements Watchers.Watcher {
        final AtomicInteger seen = new AtomicInteger();
        final AtomicInteger ends = new AtomicInteger();
        private final CountDownLatch until;

        Counting(CountDownLatch until) {
            this.until = until;
        }

        @Override
        public void seen(Pipeline pipeline) {
            seen.incrementAndGet();
            try {
                until.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void end() {
            ends.incrementAndGet();
        }
    }
}
