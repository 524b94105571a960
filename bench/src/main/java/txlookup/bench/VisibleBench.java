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

/** From handing an event to a producer until a lookup through the API finds it, at several rates. */
final class VisibleBench {
    private static final Duration EACH = Duration.ofSeconds(30);

    private record Sent(String key, long at) {}

    private VisibleBench() {}

    public static void main(String[] arguments) throws Exception {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.println("Usage: bench/visible\n30 s at 100 and at 10,000 events/s. Last line: one JSON object.");
            return;
        }
        Figures figures = new Figures();
        Servers servers = Servers.start();
        System.out.println(Machine.describe());
        servers.kafka().createTopic("visible", LedgerEvents.PARTITIONS, Map.of());
        try (OurConsumer consumer = OurConsumer.start(servers, "visible", "visible", 1, "256m");
                ApiProcess api = ApiProcess.start(servers, consumer.url());
                Paced paced = new Paced(servers, "visible", 0)) {
            measure(paced, api.port(), 2_000, Duration.ofSeconds(15)); // everybody compiles
            for (int rate : List.of(100, 10_000)) {
                List<Double> millis = measure(paced, api.port(), rate, EACH);
                figures.put("samples_at_" + rate, millis.size());
                for (int percent : List.of(50, 95, 99)) {
                    figures.put("p%d_ms_at_%d".formatted(percent, rate), millis.get(millis.size() * percent / 100));
                }
            }
        }
        figures.print();
        System.exit(0);
    }

    /** Follows about twenty events a second; the others are load. */
    private static List<Double> measure(Paced paced, int port, int rate, Duration howLong) throws Exception {
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
        try (KeptAlive connection = new KeptAlive(port)) {
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
