package txlookup.consumer.health;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.generation.ConsumerHeartbeat;
import txlookup.apply.generation.Watch;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.sql.SqlErrors;
import txlookup.consumer.telemetry.StoreHealth;

/**
 * Says every second that this consumer lives, and asks the registry for its generation's state: the consumer begins once
 * the generation takes events, and ends once it takes none any more. A store that is away says nothing new. While a
 * generation is on trial, or just serves, it judges that too.
 */
public final class GenerationWatch implements Probes {
    private static final Logger log = LoggerFactory.getLogger(GenerationWatch.class);
    private static final long EVERY_MILLIS = 1_000;
    private static final long ORDERLY_STOP_MILLIS = 5_000;

    private final long generation;
    private final ConsumerHeartbeat heartbeat;
    private final Watch judge;
    private final StoreHealth availability;
    private final Runnable endConsumer;
    private final Thread thread = new Thread(this::watch, "generation");
    private final CountDownLatch decided = new CountDownLatch(1);
    private volatile @Nullable State seen;
    private volatile @Nullable RuntimeException failure;

    /** @param endConsumer lets the consumer end in order; called once, and does not wait */
    public GenerationWatch(
            long generation, ConsumerHeartbeat heartbeat, Watch judge, StoreHealth availability, Runnable endConsumer) {
        this.generation = generation;
        this.heartbeat = heartbeat;
        this.judge = judge;
        this.availability = availability;
        this.endConsumer = endConsumer;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Waits until the generation takes events; false when it will take none any more, or {@link #giveUp} came first. */
    public boolean awaitConsumable() throws InterruptedException {
        decided.await();
        State state = seen;
        return state != null && state.isConsumable() && failure == null;
    }

    /** Ends the wait for a generation that takes no events yet. */
    public void giveUp() {
        decided.countDown();
    }

    /** Whether the generation takes no events any more, asked now. */
    public boolean isOver() {
        try {
            return heartbeat.beat().filter(GenerationWatch::isOver).isPresent();
        } catch (SQLException e) {
            log.warn("Generation {}: its state cannot be read: {}", generation, e.getMessage());
            return false;
        }
    }

    public static boolean isOver(State state) {
        return state == State.RETIRING || state == State.RETIRED || state == State.FAILED;
    }

    /** @throws IllegalStateException when the consumer was ended because nobody knows the generation's state */
    public void requireNoFailure() {
        RuntimeException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    private void watch() {
        try {
            while (true) {
                look();
                Thread.sleep(EVERY_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            fail(new IllegalStateException(
                    "Generation %d: its state cannot be read: %s".formatted(generation, e.getMessage()), e));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void look() throws SQLException {
        try {
            State state = heartbeat
                    .beat()
                    .orElseThrow(() -> new IllegalStateException(
                            "Generation %d is not in the registry; run the backfill first".formatted(generation)));
            availability.storeAnswered();
            saw(state);
            judge();
        } catch (SQLException e) {
            if (!SqlErrors.isTransient(e)) {
                throw e;
            }
            availability.storeIsAway(e);
        }
    }

    /** Whatever keeps it from judging keeps no event from being applied. */
    private void judge() {
        try {
            heartbeat.judge(judge).ifPresent(why -> log.warn("What was switched is taken back: {}", why));
        } catch (SQLException e) {
            log.warn("What the API processes saw cannot be judged: {}", e.getMessage());
        }
    }

    private void saw(State state) {
        State before = seen;
        seen = state;
        if (isOver(state)) {
            if (before == null || !isOver(before)) {
                log.info("Generation {} is {} and takes no events any more: its consumer ends", generation, state);
                decided.countDown();
                endConsumer.run();
            }
        } else if (state.isConsumable()) {
            decided.countDown();
        } else if (before == null) {
            log.info("{}; waiting for that", waiting(state));
        }
    }

    private String waiting(State state) {
        return "generation %d is %s: its events are applied from CATCHING_UP on".formatted(generation, state);
    }

    private void fail(RuntimeException e) {
        failure = e;
        decided.countDown();
        endConsumer.run();
    }

    /** Ends the heartbeat and takes the consumer's row away; where the store is away, the row's lease ends by itself. */
    public void stop() throws InterruptedException {
        if (!thread.isAlive()) {
            return;
        }
        thread.interrupt();
        thread.join(ORDERLY_STOP_MILLIS);
        if (availability.outage().isPresent()) {
            return;
        }
        try {
            heartbeat.end();
        } catch (SQLException e) {
            log.warn("The consumer's row in bo.process stays until its lease is over: {}", e.getMessage());
        }
    }

    /** Waiting is no reason for a restart. */
    @Override
    public Optional<String> dead() {
        return Optional.empty();
    }

    @Override
    public List<String> notReady() {
        List<String> reasons = new ArrayList<>();
        availability.outage().ifPresent(reasons::add);
        State state = seen;
        reasons.add(
                state == null ? "the state of generation %d is not read yet".formatted(generation) : waiting(state));
        return reasons;
    }

    @Override
    public List<String> notes() {
        return List.of();
    }
}
