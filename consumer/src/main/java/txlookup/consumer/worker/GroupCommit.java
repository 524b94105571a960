package txlookup.consumer.worker;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.position.BatchResult;
import txlookup.consumer.telemetry.StoreHealth;

/**
 * Small batches of several partitions in one transaction: with many partitions and little traffic each record would be a
 * commit of its own. Who comes first waits a little, and applies what has come by then. What fails together is applied one
 * by one, so that no partition suffers from another's fence, lock or refused value for longer than one transaction.
 */
public final class GroupCommit {
    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

    /** A batch of more gains nothing: its commit is the smaller part of its cost. */
    private static final int MOST_RECORDS = 500;

    private static final long MOST_BYTES = 256 * 1024;

    /** So many partitions are traffic enough to wait the whole interval; one alone waits a fifth of it. */
    private static final int MANY = 5;

    /**
     * What became of a batch.
     *
     * @param applied what it did; null where it is to be applied alone
     * @param inDoubt whether it may be there all the same, for the answer to a commit may have been lost
     */
    record Outcome(@Nullable BatchResult applied, boolean inDoubt) {
        private static final Outcome ALONE = new Outcome(null, false);
        private static final Outcome IN_DOUBT = new Outcome(null, true);
    }

    private static final class Member {
        private final Store.Move move;
        private @Nullable Outcome outcome;

        private Member(Store.Move move) {
            this.move = move;
        }
    }

    private final SubscriptionSettings settings;
    private final Store store;
    private final StoreTurns turns;
    private final StoreHealth availability;
    private final Queue<Member> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock leading = new ReentrantLock(true);
    private long began = System.nanoTime();
    private int members;

    public GroupCommit(SubscriptionSettings settings, Store store, StoreTurns turns, StoreHealth availability) {
        this.settings = settings;
        this.store = store;
        this.turns = turns;
        this.availability = availability;
    }

    static boolean isSmall(int records, long bytes) {
        return records <= MOST_RECORDS && bytes <= MOST_BYTES;
    }

    /** Applies a batch together with others that come at the same time; where none does, it is left to be applied alone. */
    Outcome apply(Store.Move move) throws InterruptedException {
        Member mine = new Member(move);
        waiting.add(mine);
        leading.lockInterruptibly();
        try {
            while (mine.outcome == null) {
                lead();
            }
            return mine.outcome;
        } finally {
            leading.unlock();
        }
    }

    private void lead() throws InterruptedException {
        long interval = settings.batchInterval().toNanos() * Math.min(MANY, Math.max(1, members)) / MANY;
        TimeUnit.NANOSECONDS.sleep(began + interval - System.nanoTime());
        began = System.nanoTime();
        List<Member> group = take();
        members = group.size();
        group.forEach(member -> member.outcome = Outcome.ALONE);
        // While the store is away each partition waits for it by itself.
        if (members > 1 && turns.await(() -> availability.outage().isPresent())) {
            try {
                applyTogether(group);
            } finally {
                turns.end();
            }
        }
    }

    private List<Member> take() {
        List<Member> group = new ArrayList<>();
        int records = 0;
        long bytes = 0;
        while (records < settings.batchRecords() && bytes < settings.batchBytes() && !waiting.isEmpty()) {
            Member next = waiting.remove();
            group.add(next);
            records += next.move.batch().consumed();
            bytes += next.move.to().bytes();
        }
        return group;
    }

    private void applyTogether(List<Member> group) {
        group.forEach(member -> member.outcome = Outcome.IN_DOUBT);
        try {
            List<BatchResult> applied = store.applyTogether(
                    group.stream().map(member -> member.move).toList());
            for (int i = 0; i < group.size(); i++) {
                group.get(i).outcome = new Outcome(applied.get(i), false);
            }
            availability.storeAnswered();
        } catch (SQLException | RuntimeException e) {
            log.info("{} batches are applied one by one, as they failed together: {}", group.size(), e.getMessage());
        }
    }
}
