package txlookup.guarantee.fault;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import txlookup.guarantee.Trial;
import txlookup.guarantee.fleet.ConsumerMain;
import txlookup.guarantee.fleet.TrialStore;
import txlookup.guarantee.stream.TrialEvent;
import txlookup.guarantee.witness.History;
import txlookup.guarantee.witness.RecordTimes;
import txlookup.guarantee.witness.Replays;
import txlookup.guarantee.witness.Stored;
import txlookup.local.process.ManagedProcess;

/** What happens to a trial while it runs. Each fault ends by itself: afterwards everything works again. */
public enum Fault {
    KILLED_CONSUMER {
        @Override
        public void strike(Trial trial, Random random) {
            trial.fleet.kill(trial.fleet.any(random));
            trial.fleet.start();
        }
    },
    FROZEN_CONSUMER {
        @Override
        public void strike(Trial trial, Random random) throws InterruptedException {
            // Slow answers fill its inbox, so that it wakes up with something to write.
            trial.servers.postgresProxy.rule(NetworkTrouble.delay(15));
            Thread.sleep(200);
            ManagedProcess frozen = trial.fleet.any(random);
            frozen.freeze();
            trial.servers.heal();
            Thread.sleep(ConsumerMain.SESSION.toMillis() + 300 + random.nextInt(800));
            frozen.thaw();
        }
    },
    REBALANCE {
        @Override
        public void strike(Trial trial, Random random) throws InterruptedException {
            ManagedProcess joining = trial.fleet.start();
            Thread.sleep(1500 + random.nextInt(500));
            trial.fleet.stop(random.nextBoolean() ? joining : trial.fleet.any(random));
        }
    },
    LOST_COMMIT_ANSWERS {
        @Override
        public void strike(Trial trial, Random random) throws InterruptedException {
            AtomicInteger left = new AtomicInteger(1 + random.nextInt(4));
            trial.servers.postgresProxy.rule((direction, chunk, length) ->
                    NetworkTrouble.saysCommitted(direction, chunk, length) && left.getAndDecrement() > 0 ? 0 : length);
            for (int waited = 0; left.get() > 0 && waited < 1000; waited += 20) {
                Thread.sleep(20);
            }
        }
    },
    RESET_DATABASE_CONNECTIONS {
        @Override
        public void strike(Trial trial, Random random) throws InterruptedException {
            NetworkTrouble.cut(trial.servers.postgresProxy, random);
        }
    },
    RESET_BROKER_CONNECTIONS {
        @Override
        public void strike(Trial trial, Random random) throws InterruptedException {
            NetworkTrouble.cut(trial.servers.kafkaProxy, random);
        }
    },
    STALLED_DATABASE_CONNECTIONS {
        @Override
        public void strike(Trial trial, Random random) throws InterruptedException {
            NetworkTrouble.stall(trial.servers.postgresProxy, random);
        }
    },
    STALLED_BROKER_CONNECTIONS {
        @Override
        public void strike(Trial trial, Random random) throws InterruptedException {
            NetworkTrouble.stall(trial.servers.kafkaProxy, random);
        }
    },
    RESTARTED_DATABASE {
        @Override
        public void strike(Trial trial, Random random) {
            trial.servers.postgres.restart();
        }
    },
    CRASHED_DATABASE {
        @Override
        public void strike(Trial trial, Random random) {
            trial.servers.postgres.crash();
            trial.servers.postgres.restart();
        }
    },
    /** Every process of the server stands still for moments, as with a disk that does not keep up. */
    SLOW_DISK {
        @Override
        public void strike(Trial trial, Random random) throws Exception {
            for (int i = 0; i < 6; i++) {
                trial.servers.postgres.freeze();
                Thread.sleep(40 + random.nextInt(80));
                trial.servers.postgres.thaw();
                Thread.sleep(20);
            }
        }
    },
    /**
     * Somebody's open transaction is in the way where both partitions bring the same keys, new ones and then newer
     * snapshots of them: batches wait for it in the middle of what they enter and replace, each with locks of its own.
     */
    LOCKED_KEYS {
        @Override
        public void strike(Trial trial, Random random) throws Exception {
            try (Connection connection = trial.servers.connect(trial.name);
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                for (int i = 0; i < 4; i++) {
                    List<String> ids = History.newIds("met-", 12, random);
                    statement.execute(ENTER.formatted(ids.get(random.nextInt(ids.size()))));
                    publishAndRollBack(trial, connection, History.everywhere(ids, Trial.PARTITIONS, 1, random));
                    statement.execute(LOCK.formatted(String.join(",", ids)));
                    publishAndRollBack(trial, connection, History.everywhere(ids, Trial.PARTITIONS, 3, random));
                }
            }
        }

        private void publishAndRollBack(Trial trial, Connection connection, List<TrialEvent> events) throws Exception {
            trial.publish(events);
            Thread.sleep(200);
            connection.rollback();
            Thread.sleep(100);
        }
    },
    RESTARTED_BROKER {
        @Override
        public void strike(Trial trial, Random random) {
            if (random.nextBoolean()) {
                trial.servers.kafka.kill();
            }
            trial.servers.kafka.restart();
        }
    },
    /** The group waits for all of its members when one of them dies; only the session's end tells the others. */
    KILLED_IN_A_REBALANCE {
        @Override
        public void strike(Trial trial, Random random) throws Exception {
            ManagedProcess joining = trial.fleet.start();
            trial.awaitRebalance();
            trial.fleet.kill(random.nextBoolean() ? joining : trial.fleet.any(random));
        }
    },
    /** Connections end in the middle of what they do, or live on; either way no writes are taken for a while. */
    FAILED_OVER_DATABASE {
        @Override
        public void strike(Trial trial, Random random) throws Exception {
            DatabaseTrouble trouble = DatabaseTrouble.of(trial);
            boolean endedBefore = random.nextBoolean();
            if (endedBefore) {
                trouble.whileBusy(DatabaseTrouble.END, 1 + random.nextInt(8));
            }
            trouble.readOnly(() -> {
                trial.publish(History.everywhere(History.newIds("moved-", 5, random), Trial.PARTITIONS, 1, random));
                Thread.sleep(300 + random.nextInt(1500));
            });
        }
    },
    CANCELLED_STATEMENTS {
        @Override
        public void strike(Trial trial, Random random) throws Exception {
            DatabaseTrouble.of(trial).whileBusy(DatabaseTrouble.CANCEL, 5 + random.nextInt(20));
        }
    },
    /**
     * At first even a single row takes longer than a statement may, then a full batch of them does: only a smaller one
     * gets past, and the strike ends when it has.
     */
    SLOW_ROWS {
        @Override
        public void strike(Trial trial, Random random) throws Exception {
            String name = "slow-" + random.nextInt(1_000_000) + "-";
            int partition = random.nextInt(Trial.PARTITIONS);
            List<TrialEvent> events = IntStream.range(0, 200)
                    .mapToObj(n -> History.entry(name + n, partition, 1, Instant.EPOCH))
                    .toList();
            long logEnd = trial.servers.postgresLog();
            DatabaseTrouble trouble = DatabaseTrouble.of(trial);
            trouble.slowRows(() -> {
                trouble.tooSlowRows(() -> {
                    trial.publish(events);
                    // Halving reaches a single row after at most eight of them.
                    Trial.eventually(
                            "slow rows cancelled again and again",
                            () -> trial.servers.postgresSaid(logEnd, DatabaseTrouble.TOOK_TOO_LONG) >= 30);
                });
                Trial.eventually("all slow rows applied or refused", () -> Stored.met(trial, name) == events.size());
            });
        }
    },
    /** Somebody's migration holds the table; meanwhile consumers are deployed again and again. */
    LOCKED_TABLE {
        @Override
        public void strike(Trial trial, Random random) throws Exception {
            DatabaseTrouble.of(trial).lockTable(HOW_LONG_A_LOCK, () -> {
                trial.publish(History.everywhere(History.newIds("locked-", 10, random), Trial.PARTITIONS, 1, random));
                trial.fleet.stop(trial.fleet.any(random));
                trial.fleet.start();
                Thread.sleep(1000 + random.nextInt(1000));
            });
        }
    },
    FULL_DISK {
        @Override
        public void strike(Trial trial, Random random) throws Exception {
            SmallDisk disk = trial.servers.smallDisk();
            disk.takeIn(trial);
            long logEnd = trial.servers.postgresLog();
            disk.fill();
            try {
                trial.publish(History.everywhere(History.newIds("more-", 400, random), Trial.PARTITIONS, 1, random));
                Trial.eventually(
                        "a full disk is met",
                        () -> trial.servers.postgresSaid(logEnd).contains("No space left on device"));
                Thread.sleep(random.nextInt(2000));
            } finally {
                disk.free();
            }
        }
    },
    /** Events go to the new partitions at once, before any consumer knows of them. */
    ADDED_PARTITIONS {
        @Override
        public void strike(Trial trial, Random random) throws Exception {
            trial.raisePartitionsTo(16);
            for (int i = 0; i < 3; i++) {
                List<String> ids = History.newIds("spread-", 10, random);
                trial.publish(History.everywhere(ids, trial.partitions(), 1, random));
                Thread.sleep(random.nextInt(300));
            }
        }
    },
    EXTREME_RECORD_TIMES {
        @Override
        public void strike(Trial trial, Random random) throws Exception {
            List<String> ids = History.newIds("when-", 5, random);
            for (int i = 0; i < 6; i++) {
                trial.publish(RecordTimes.extremes(ids, random));
                Thread.sleep(random.nextInt(200));
            }
        }
    },
    /** The console orders two, and a process that takes one is killed. */
    TWO_REPLAYS {
        @Override
        public void strike(Trial trial, Random random) throws Exception {
            Replays replays = new Replays(trial);
            replays.giveSomeToReplay(random);
            trial.servers.postgresProxy.rule(NetworkTrouble.delay(15));
            replays.order(Trial.ledger(trial.name));
            replays.order(Trial.orders(trial.name));
            for (int deaths = 1 + random.nextInt(2); deaths > 0; deaths--) {
                replays.awaitRunner().ifPresent(runner -> {
                    trial.fleet.kill(runner);
                    trial.fleet.start();
                });
            }
            trial.servers.heal();
            replays.awaitEnd();
        }
    };

    private static final Duration HOW_LONG_A_LOCK = Duration.ofSeconds(Integer.getInteger("guarantee.lockSeconds"));

    // Neither ever waits, so whatever deadlocks are not their own.
    private static final String ENTER = """
            INSERT INTO ledger_entry (event_time, created_at, source_time, digest, source_position, ingested_at,
                source_id, tx_id, wallet_id, entry_type, amount)
            VALUES (now(), now(), now(), 0, 0, now(), 0, '%s', '', '', 0)
            """;

    private static final String LOCK =
            "SELECT FROM ledger_entry WHERE tx_id = ANY ('{%s}') ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED";

    /** Whether it can be made of that server. */
    public boolean strikes(TrialStore store) {
        return switch (this) {
            case RESTARTED_DATABASE, CRASHED_DATABASE, SLOW_DISK -> store.isControlled();
            // They need its log, its disk, or triggers and locks that a table on several servers does not have.
            case LOCKED_KEYS, SLOW_ROWS, FULL_DISK -> store.isOwn();
            default -> true;
        };
    }

    public abstract void strike(Trial trial, Random random) throws Exception;
}
