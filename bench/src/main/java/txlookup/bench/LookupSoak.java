package txlookup.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import txlookup.bench.contender.ApiProcess;
import txlookup.bench.contender.TxlookupConsumer;
import txlookup.bench.load.HttpConnection;
import txlookup.bench.load.LedgerEvents;
import txlookup.bench.load.StoredPayments;
import txlookup.bench.measure.Machine;
import txlookup.bench.measure.Metrics;
import txlookup.bench.servers.Servers;

/**
 * Every kind of lookup for minutes, over connections that are closed and opened again: does the API's memory grow, or the
 * number of its connections, files and threads?
 */
final class LookupSoak {
    private static final String USAGE = """
            Usage: bench/lookup-soak [--minutes N]
            Default: 5 minutes. The heap is what a full collection leaves. Last line: one JSON object.""";

    private static final int CONNECTIONS = 16;
    private static final int REQUESTS_A_CONNECTION = 200;
    private static final long PAYMENTS = 100_000;
    private static final Pattern HEAP = Pattern.compile("(?m)^jvm_memory_used_bytes\\{area=\"heap\".* (\\S+)$");
    private static final String STORE_CONNECTIONS =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'txlookup-api%'";

    private LookupSoak() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        if (options.contains("--help")) {
            System.out.println(USAGE);
            return;
        }
        long minutes = Options.number(options, "--minutes", 5);
        Metrics figures = new Metrics();
        Servers servers = Servers.start();
        System.out.println(Machine.describe());
        servers.kafka().createTopic("beside", LedgerEvents.PARTITIONS, Map.of());
        AtomicLong answered = new AtomicLong();
        try (TxlookupConsumer consumer = TxlookupConsumer.start(servers, "soak", "beside", 1, "256m");
                ApiProcess api = ApiProcess.start(servers, consumer.url())) {
            StoredPayments.fill(consumer.url(), PAYMENTS);
            for (long half = 0; half <= 2 * minutes; half++) {
                if (half > 0) {
                    ask(api.port(), System.nanoTime() + 30_000_000_000L, answered);
                }
                measure(figures, half == 0 ? "start_" : "", api, consumer.url());
            }
        }
        figures.put("minutes", minutes);
        figures.put("answered", answered.get());
        figures.print();
        System.exit(0);
    }

    private static void measure(Metrics figures, String when, ApiProcess api, String url) throws Exception {
        long pid = api.process().pid();
        Process collection = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid),
                        "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (collection.waitFor() != 0) {
            throw new IOException("jcmd could not make process " + pid + " collect its garbage");
        }
        figures.add(when + "heap_kib", heapBytes(api.port()) / 1024);
        figures.add(when + "store_connections", (double) storeConnections(url));
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            figures.add(when + "open_files", (double) files.count());
        }
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            figures.add(when + "threads", (double) threads.count());
        }
    }

    private static double heapBytes(int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .build();
        String metrics = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        return HEAP.matcher(metrics)
                .results()
                .mapToDouble(pool -> Double.parseDouble(pool.group(1)))
                .sum();
    }

    private static long storeConnections(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "bench", "bench");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(STORE_CONNECTIONS)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void ask(int port, long ends, AtomicLong answered) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                running.add(threads.submit((Callable<Void>) () -> {
                    while (System.nanoTime() < ends) {
                        askOverOneConnection(port, answered);
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void askOverOneConnection(int port, AtomicLong answered) throws IOException {
        try (HttpConnection connection = new HttpConnection(port)) {
            for (int request = 0; request < REQUESTS_A_CONNECTION; request++) {
                long n = answered.incrementAndGet();
                String path = path(n);
                int status = connection.get(path);
                if (status >= 500) {
                    throw new IOException("GET %s was answered with %d".formatted(path, status));
                }
            }
        }
    }

    private static String path(long n) {
        long payment = n * 7919 % PAYMENTS;
        return switch ((int) (n % 8)) {
            case 0, 1, 2 -> "/admin/tx/tx-" + 2 * payment;
            case 3 -> "/admin/tx/never-" + n;
            case 4 -> "/admin/payment-orders/order-" + payment;
            case 5 -> "/admin/wallets/wallet-" + payment % 50_000 + "/tx?limit=5";
            case 6 -> "/admin/tx/tx-" + payment + "/explain";
            default -> "/admin/search?q=tx-" + payment;
        };
    }
}
