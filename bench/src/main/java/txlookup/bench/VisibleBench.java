package txlookup.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import txlookup.bench.contender.ApiProcess;
import txlookup.bench.contender.TxlookupConsumer;
import txlookup.bench.load.HttpConnection;
import txlookup.bench.load.LedgerEvents;
import txlookup.bench.load.RateLimitedProducer;
import txlookup.bench.measure.Machine;
import txlookup.bench.measure.Metrics;
import txlookup.bench.servers.Servers;

/** From handing an event to a producer until a lookup through the API finds it, at several rates. */
final class VisibleBench {
    private static final Duration EACH = Duration.ofSeconds(30);

    private static final String USAGE = """
            Usage: bench/visible
            30 s at 100 events/s, then 30 s at 10,000 events/s twice: the first, while broker, producer and consumer compile
            for a load that is new to them, is told as at_first. Last line: one JSON object.""";

    private record Sent(String key, long at) {}

    private VisibleBench() {}

    public static void main(String[] arguments) throws Exception {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.println(USAGE);
            return;
        }
        Metrics figures = new Metrics();
        Servers servers = Servers.start();
        System.out.println(Machine.describe());
        servers.kafka().createTopic("visible", LedgerEvents.PARTITIONS, Map.of());
        try (TxlookupConsumer consumer = TxlookupConsumer.start(servers, "visible", "visible", 1, "256m");
                ApiProcess api = ApiProcess.start(servers, consumer.url());
                RateLimitedProducer paced = new RateLimitedProducer(servers, "visible", 0)) {
            measure(paced, api.port(), 2_000, Duration.ofSeconds(15)); // everybody compiles
            measure(figures, paced, api.port(), 100, "at_100");
            measure(figures, paced, api.port(), 10_000, "at_10000_at_first");
            measure(figures, paced, api.port(), 10_000, "at_10000");
        }
        figures.print();
        System.exit(0);
    }

    private static void measure(Metrics figures, RateLimitedProducer paced, int port, int rate, String name)
            throws Exception {
        List<Double> millis = measure(paced, port, rate, EACH);
        figures.put("samples_" + name, millis.size());
        for (int percent : List.of(50, 95, 99)) {
            figures.put("p%d_ms_%s".formatted(percent, name), millis.get(millis.size() * percent / 100));
        }
    }

    /** Follows about twenty events a second; the others are load. */
    static List<Double> measure(RateLimitedProducer paced, int port, int rate, Duration howLong) throws Exception {
        BlockingQueue<Sent> followed = new LinkedBlockingQueue<>();
        List<Double> millis = Collections.synchronizedList(new ArrayList<>());
        List<Thread> followers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Thread follower = new Thread(() -> follow(followed, port, millis), "follower");
            follower.setDaemon(true);
            follower.start();
            followers.add(follower);
        }
        long end = System.nanoTime() + howLong.toNanos();
        int oneIn = Math.max(1, rate / 20);
        long[] count = {0};
        paced.publish(rate, () -> System.nanoTime() > end, (key, at) -> {
            if (count[0]++ % oneIn == 0) {
                followed.add(new Sent(key, at));
            }
        });
        Thread.sleep(2_000);
        followers.forEach(Thread::interrupt);
        List<Double> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        return sorted;
    }

    private static void follow(BlockingQueue<Sent> followed, int port, List<Double> millis) {
        try (HttpConnection connection = new HttpConnection(port)) {
            while (true) {
                Sent sent = followed.take();
                while (connection.get("/admin/tx/" + sent.key()) != 200) {
                    Thread.sleep(5); // asked more often, the asking is what would be measured
                }
                millis.add(Math.round((System.nanoTime() - sent.at()) / 1e5) / 10.0);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
