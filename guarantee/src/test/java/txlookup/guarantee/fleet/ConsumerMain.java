package txlookup.guarantee.fleet;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import txlookup.apply.model.Entity;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.consumer.ConsumerProcess;
import txlookup.consumer.worker.SubscriptionSettings;
import txlookup.guarantee.Trial;
import txlookup.profiles.events.EventProfiles;

/**
 * The consumer as a process of its own, as {@code txlookup consume} starts it, with time-outs so short that faults take
 * effect within seconds: a profile allows none as short.
 */
public final class ConsumerMain {
    static final String ENDED = "ended: ";
    public static final Duration SESSION = Duration.ofMillis(1500);
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration STATEMENT = Duration.ofSeconds(2);

    private ConsumerMain() {}

    public static void main(String[] arguments) {
        endWith(ProcessHandle.current().parent().orElseThrow());
        int code = 0;
        try {
            ConsumerProcess process = process(
                    arguments[0],
                    arguments[1],
                    arguments[2],
                    arguments[3],
                    arguments[4],
                    Fleet.Size.valueOf(arguments[5]),
                    Double.parseDouble(arguments[6]));
            Runtime.getRuntime().addShutdownHook(new Thread(process::close, "stop-consumer"));
            process.run();
        } catch (Exception e) {
            System.out.println(ENDED + e);
            code = 3;
        }
        System.exit(code);
    }

    /** Whoever runs the suite may be killed; its consumers must not stay behind. */
    static void endWith(ProcessHandle parent) {
        Thread thread = new Thread(
                () -> {
                    parent.onExit().join();
                    Runtime.getRuntime().halt(1);
                },
                "end-with-the-suite");
        thread.setDaemon(true);
        thread.start();
    }

    private static ConsumerProcess process(
            String jdbcUrl,
            String password,
            String brokers,
            String generation,
            String topics,
            Fleet.Size size,
            double maxDeadShare)
            throws Exception {
        Map<String, Object> kafka = new HashMap<>(Map.of(
                "bootstrap.servers",
                brokers,
                "group.protocol",
                "classic",
                "session.timeout.ms",
                Math.toIntExact(SESSION.toMillis()),
                "heartbeat.interval.ms",
                300,
                "auto.offset.reset",
                "none",
                "enable.auto.commit",
                "false",
                "max.poll.records",
                size.pollRecords,
                "request.timeout.ms",
                5000,
                "metadata.max.age.ms",
                2000,
                "fetch.max.wait.ms",
                100));
        SubscriptionSettings settings = new SubscriptionSettings(
                Long.parseLong(generation),
                "group-" + generation,
                generation,
                Map.of(Trial.ledger(topics), Entity.LEDGER_ENTRY, Trial.orders(topics), Entity.PAYMENT_ORDER),
                kafka,
                "process " + ProcessHandle.current().pid(),
                size.batchRecords,
                1 << 20,
                Duration.ofMillis(5),
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                Duration.ofHours(1),
                maxDeadShare,
                3);
        return new ConsumerProcess(
                settings,
                EventProfiles.load("canonical-v1"),
                StoreConnections.generation(
                        settings.generation(), jdbcUrl, "postgres", password, size.connections, CONNECT, STATEMENT),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }
}
