package txlookup.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;
import txlookup.bench.contender.ApiProcess;
import txlookup.bench.contender.TxlookupConsumer;
import txlookup.bench.load.HostileSender;
import txlookup.bench.load.HttpConnection;
import txlookup.bench.load.LedgerEvents;
import txlookup.bench.load.StoredPayments;
import txlookup.bench.measure.Latencies;
import txlookup.bench.measure.Machine;
import txlookup.bench.measure.Metrics;
import txlookup.bench.servers.BenchIssuer;
import txlookup.bench.servers.Servers;

/**
 * Hostile requests from another process, with tokens, limits and audit on. Twenty operators look up beside them, and one of
 * them lists dead letters whose keys are 64 KiB of "tokentoken".
 */
final class HostileBench {
    private static final String USAGE = """
            Usage: bench/hostile [--quick] [--requests N] [--rate N]
            Default: 200,000 requests at 1,000/s.
            --quick          20,000 requests, in less than two minutes
            Exit code 1 when an answer is 5xx, shows the inside, or the audit grows by 50 MB an hour and more.
            Last line: one JSON object, in milliseconds.""";

    private static final int OPERATORS = 20;
    private static final long PAYMENTS = 50_000;
    private static final int WARM_SECONDS = 15;
    private static final int ALONE_SECONDS = 15;
    private static final double MOST_MEGABYTES_AN_HOUR = 50;

    private static final String HOSTILE_LETTERS = """
            INSERT INTO dead_letter (source_id, position, record_time, reason, detail, record_key, record_value)
            SELECT (SELECT min(source_id) FROM coverage), 1000000 + n, now(), 'parse_error', repeat('token', 90),
                convert_to(repeat('token', 13107), 'UTF8'), convert_to(repeat('token', 13107), 'UTF8')
            FROM generate_series(1, 40) n""";
    private static final String AUDIT = """
            SELECT (SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'bo.audit'::regclass) AS bytes,
                count(*) AS all_rows,
                count(*) FILTER (WHERE actor = 'anonymous' OR action = 'DENIALS_LEFT_OUT') AS hostile
            FROM bo.audit""";

    private HostileBench() {}

    private record Audit(double bytes, double all, double hostile) {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        if (options.contains("--help")) {
            System.out.println(USAGE);
            return;
        }
        boolean quick = options.contains("--quick");
        long requests = Options.number(options, "--requests", quick ? 20_000 : 200_000);
        int rate = (int) Options.number(options, "--rate", 1_000);
        Metrics figures = new Metrics();
        boolean held;
        Servers servers = Servers.start();
        System.out.println(Machine.describe());
        servers.kafka().createTopic("beside", LedgerEvents.PARTITIONS, Map.of());
        try (BenchIssuer issuer = BenchIssuer.start();
                TxlookupConsumer consumer = TxlookupConsumer.start(servers, "hostile", "beside", 1, "256m");
                ApiProcess api = ApiProcess.startGuarded(servers, consumer.url(), issuer)) {
            StoredPayments.fill(consumer.url(), PAYMENTS);
            execute(consumer.url(), HOSTILE_LETTERS);
            held = measure(figures, api, consumer.url(), issuer, requests, rate);
        }
        figures.print();
        System.exit(held ? 0 : 1);
    }

    private static boolean measure(
            Metrics figures, ApiProcess api, String url, BenchIssuer issuer, long requests, int rate) throws Exception {
        lookUp(api.port(), issuer, Duration.ofSeconds(WARM_SECONDS));
        Seen alone = lookUp(api.port(), issuer, Duration.ofSeconds(ALONE_SECONDS));
        alone.lookups().addTo(figures, "alone_");
        Audit before = audit(url);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService beside = Executors.newSingleThreadExecutor();
        Future<Seen> operators = beside.submit(() -> lookUp(api.port(), issuer, over));
        String expired = issuer.token("operator-0", List.of("ADMIN_READ", "ADMIN_OPERATE"), Duration.ofMinutes(-30));
        JsonNode counts = HostileSender.counts(HostileSender.start(api.port(), requests, rate, expired, act(expired)));
        over.set(true);
        Seen seen = operators.get();
        beside.shutdown();
        Thread.sleep(11_000); // the row that counts denials comes every ten seconds
        Audit after = audit(url);
        double hours = counts.path("millis").asDouble() / 3_600_000;
        double hostileRows = after.hostile() - before.hostile();
        double bytes = (after.bytes() - before.bytes()) * hostileRows / (after.all() - before.all());
        double megabytes = bytes / 1e6 / hours;
        for (String kind : List.of("2xx", "3xx", "4xx", "5xx", "none", "stack_traces")) {
            figures.put("answers_" + kind, counts.path(kind).asLong(0));
        }
        figures.put("hostile_a_second", Math.round(requests / (hours * 3_600)));
        figures.put("hostile_audit_rows", Math.round(hostileRows));
        figures.put("hostile_audit_mb_an_hour", Math.round(10 * megabytes) / 10.0);
        seen.lookups().addTo(figures, "beside_");
        seen.lists().addTo(figures, "dead_letters_");
        figures.put("operators_a_second", Math.round(seen.lookups().perSecond()));
        return counts.path("5xx").asLong(0) == 0
                && counts.path("stack_traces").asLong(0) == 0
                && megabytes < MOST_MEGABYTES_AN_HOUR;
    }

    /** As it was sent once, with the token that was good then. */
    private static String act(String token) {
        String body = "{\"ids\":[1],\"reason\":\"a replay\"}";
        return """
                POST /admin/dead-letters/discards HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer %s\r
                Content-Type: application/json\r
                Idempotency-Key: key-of-long-ago\r
                X-Generation: %d\r
                Content-Length: %d\r
                \r
                %s""".formatted(token, Servers.GENERATION, body.length(), body);
    }

    private record Seen(Latencies lookups, Latencies lists) {}

    private static Seen lookUp(int port, BenchIssuer issuer, Duration howLong) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService beside = Executors.newSingleThreadExecutor();
        try {
            Future<Seen> seen = beside.submit(() -> lookUp(port, issuer, over));
            Thread.sleep(howLong.toMillis());
            over.set(true);
            return seen.get();
        } finally {
            beside.shutdownNow();
        }
    }

    /** Each operator looks up once a second; the first also lists dead letters. */
    private static Seen lookUp(int port, BenchIssuer issuer, AtomicBoolean over) throws Exception {
        long started = System.nanoTime();
        Latencies lists = new Latencies();
        ExecutorService threads = Executors.newFixedThreadPool(OPERATORS);
        try {
            List<Future<Latencies>> running = new ArrayList<>();
            for (int operator = 0; operator < OPERATORS; operator++) {
                int number = operator;
                String token = issuer.token("operator-" + operator, List.of("ADMIN_READ"), Duration.ofHours(1));
                running.add(threads.submit((Callable<Latencies>)
                        () -> lookUp(port, number, "Authorization: Bearer " + token, started, lists, over)));
            }
            Latencies all = new Latencies();
            for (Future<Latencies> one : running) {
                all.add(one.get());
            }
            all.took(System.nanoTime() - started);
            lists.took(System.nanoTime() - started);
            return new Seen(all, lists);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Latencies lookUp(
            int port, int operator, String who, long started, Latencies lists, AtomicBoolean over)
            throws IOException, InterruptedException {
        Latencies lookups = new Latencies();
        try (HttpConnection connection = new HttpConnection(port, who)) {
            for (long n = 0; !over.get(); n++) {
                long due = started + (n * OPERATORS + operator) * 1_000_000_000L / OPERATORS;
                long left = due - System.nanoTime();
                if (left > 0) {
                    Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
                }
                ask(connection, "/admin/tx/" + StoredPayments.txId(n * 7919 + operator * 31L, PAYMENTS), due, lookups);
                if (operator == 0) {
                    ask(connection, "/dead-letters", System.nanoTime(), lists);
                }
            }
        }
        return lookups;
    }

    private static void ask(HttpConnection connection, String path, long since, Latencies latencies)
            throws IOException {
        int status = connection.get(path);
        if (status != 200) {
            throw new IOException("GET %s was answered with %d".formatted(path, status));
        }
        latencies.add(System.nanoTime() - since);
    }

    private static Audit audit(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "bench", "bench");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(AUDIT)) {
            row.next();
            return new Audit(row.getDouble("bytes"), row.getDouble("all_rows"), row.getDouble("hostile"));
        }
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "bench", "bench");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
