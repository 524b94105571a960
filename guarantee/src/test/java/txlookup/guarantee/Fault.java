package txlookup.guarantee;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import txlookup.guarantee.TcpProxy.Direction;
import txlookup.local.ManagedProcess;

/** What happens to a trial while it runs. Each fault ends by itself: afterwards everything works again. */
enum Fault {
    KILLED_CONSUMER {
        @Override
        void strike(Trial trial, Random random) {
            trial.fleet.kill(trial.fleet.any(random));
            trial.fleet.start();
        }
    },
    FROZEN_CONSUMER {
        @Override
        void strike(Trial trial, Random random) throws InterruptedException {
            // Slow answers fill its inbox, so that it wakes up with something to write.
            trial.servers.postgresProxy.rule(delay(15));
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
        void strike(Trial trial, Random random) throws InterruptedException {
            ManagedProcess joining = trial.fleet.start();
            Thread.sleep(1500 + random.nextInt(500));
            trial.fleet.stop(random.nextBoolean() ? joining : trial.fleet.any(random));
        }
    },
    LOST_COMMIT_ANSWERS {
        @Override
        void strike(Trial trial, Random random) throws InterruptedException {
            AtomicInteger left = new AtomicInteger(1 + random.nextInt(4));
            trial.servers.postgresProxy.rule((direction, chunk, length) ->
                    saysCommitted(direction, chunk, length) && left.getAndDecrement() > 0 ? 0 : length);
            for (int waited = 0; left.get() > 0 && waited < 1000; waited += 20) {
                Thread.sleep(20);
            }
        }
    },
    RESET_DATABASE_CONNECTIONS {
        @Override
        void strike(Trial trial, Random random) throws InterruptedException {
            cut(trial.servers.postgresProxy, random);
        }
    },
    RESET_BROKER_CONNECTIONS {
        @Override
        void strike(Trial trial, Random random) throws InterruptedException {
            cut(trial.servers.kafkaProxy, random);
        }
    },
    STALLED_DATABASE_CONNECTIONS {
        @Override
        void strike(Trial trial, Random random) throws InterruptedException {
            stall(trial.servers.postgresProxy, random);
        }
    },
    STALLED_BROKER_CONNECTIONS {
        @Override
        void strike(Trial trial, Random random) throws InterruptedException {
            stall(trial.servers.kafkaProxy, random);
        }
    },
    RESTARTED_DATABASE {
        @Override
        void strike(Trial trial, Random random) {
            trial.servers.postgres.restart();
        }
    },
    CRASHED_DATABASE {
        @Override
        void strike(Trial trial, Random random) {
            trial.servers.postgres.crash();
            trial.servers.postgres.restart();
        }
    },
    /** Every process of the server stands still for moments, as with a disk that does not keep up. */
    SLOW_DISK {
        @Override
        void strike(Trial trial, Random random) throws Exception {
            for (int i = 0; i < 6; i++) {
                signalDatabase(trial, "STOP");
                Thread.sleep(40 + random.nextInt(80));
                signalDatabase(trial, "CONT");
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
        void strike(Trial trial, Random random) throws Exception {
            try (Connection connection = trial.servers.connect(trial.name);
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                for (int i = 0; i < 4; i++) {
                    String met = "met-" + random.nextInt(1_000_000) + "-";
                    List<String> ids =
                            IntStream.range(0, 12).mapToObj(n -> met + n).toList();
                    statement.execute(ENTER.formatted(ids.get(random.nextInt(ids.size()))));
                    publishAndRollBack(trial, connection, History.everywhere(ids, 1, random));
                    statement.execute(LOCK.formatted(met));
                    publishAndRollBack(trial, connection, History.everywhere(ids, 3, random));
                }
            }
        }

        private void publishAndRollBack(Trial trial, Connection connection, List<Event> events) throws Exception {
            trial.publish(events);
            Thread.sleep(200);
            connection.rollback();
            Thread.sleep(100);
        }
    },
    RESTARTED_BROKER {
        @Override
        void strike(Trial trial, Random random) {
            if (random.nextBoolean()) {
                trial.servers.kafka.kill();
            }
            trial.servers.kafka.restart();
        }
    };

    // Neither ever waits, so whatever deadlocks are not their own.
    private static final String ENTER = """
            INSERT INTO bo.ledger_entry (event_time, created_at, source_time, digest, source_position, ingested_at,
                source_id, tx_id, wallet_id, entry_type, amount)
            VALUES (now(), now(), now(), 0, 0, now(), 0, '%s', '', '', 0)
            """;

    private static final String LOCK =
            "SELECT FROM bo.ledger_entry WHERE tx_id LIKE '%s%%' ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED";

    abstract void strike(Trial trial, Random random) throws Exception;

    /** The server's answer to COMMIT: when it is on its way, the transaction is there. */
    private static boolean saysCommitted(Direction direction, byte[] chunk, int length) {
        return direction == Direction.TO_CLIENT
                && new String(chunk, 0, length, StandardCharsets.ISO_8859_1).contains("COMMIT\0");
    }

    private static TcpProxy.Rule delay(int millis) {
        return (direction, chunk, length) -> {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return length;
        };
    }

    /** At once, or in the middle of the messages that come next. */
    private static void cut(TcpProxy proxy, Random random) throws InterruptedException {
        if (random.nextBoolean()) {
            proxy.reset();
            return;
        }
        AtomicInteger left = new AtomicInteger(2 + random.nextInt(6));
        proxy.rule((direction, chunk, length) -> left.getAndDecrement() > 0 ? length / 2 : length);
        Thread.sleep(200);
        proxy.rule(TcpProxy.PASS);
    }

    private static void stall(TcpProxy proxy, Random random) throws InterruptedException {
        proxy.stall();
        Thread.sleep(300 + random.nextInt(1500));
        if (random.nextBoolean()) {
            proxy.reset();
        }
        proxy.flow();
    }

    private static void signalDatabase(Trial trial, String signal) throws Exception {
        ProcessHandle postmaster =
                ProcessHandle.of(trial.servers.postgres.pid()).orElseThrow();
        String pids = String.join(
                " ",
                Stream.concat(Stream.of(postmaster), postmaster.descendants())
                        .map(process -> Long.toString(process.pid()))
                        .toList());
        // A backend may end between the listing and the signal.
        new ProcessBuilder("/bin/sh", "-c", "kill -s " + signal + " " + pids + " 2>/dev/null; true")
                .inheritIO()
                .start()
                .waitFor();
    }
}
