package txlookup.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import txlookup.bench.contender.ApiProcess;
import txlookup.bench.contender.TxlookupConsumer;
import txlookup.bench.load.HttpConnection;
import txlookup.bench.load.LedgerEvents;
import txlookup.bench.load.SequentialLookups;
import txlookup.bench.measure.Machine;
import txlookup.bench.measure.Metrics;
import txlookup.bench.servers.Servers;
import txlookup.bench.servers.Sql;

/** The audit's lists over a year of rows, a partition for each month: by each filter, and far from the newest row. */
final class AuditBench {
    private static final String USAGE = """
            Usage: bench/audit [--rows N] [--requests N]
            Default: 20,000,000 rows in 12 months; 200 requests of each kind.
            Last line: one JSON object, in milliseconds.""";

    private static final String MONTHS = """
            SELECT bo.make_audit_partition((date_trunc('month', now()) - make_interval(months => n))::date)
            FROM generate_series(0, 11) AS n""";

    private static final String INDEXES = """
            SELECT %s FROM pg_indexes
            WHERE schemaname = 'bo' AND tablename = 'audit' AND indexname <> 'audit_pkey'""";

    // 200 people; one lookup in forty finds nothing, one in a thousand is refused, one act in ten thousand is none of
    // the
    // three lookups. The hashes are not a chain's.
    private static final String ROWS = """
            INSERT INTO bo.audit (recorded_at, at, actor, roles, action, resource_type, resource_id, method, path, result,
                status_code, duration_ms, result_count, correlation_id, generation, chain_id, sequence, previous_hash, hash)
            SELECT at, at, 'actor-' || n %% 200, '{ADMIN_READ}',
                CASE WHEN n %% 10007 = 0 THEN 'REVEAL' ELSE 'LOOKUP_TX' END, 'TX', 'tx-' || n * 7919 %% 5000000, 'GET',
                '/admin/tx/tx-' || n * 7919 %% 5000000,
                CASE WHEN n %% 1009 = 0 THEN 'DENIED' WHEN n %% 41 = 0 THEN 'NOT_FOUND' ELSE 'FOUND' END,
                200, 3, 1, 'request-' || to_hex(n), %1$d, 1, 1000000 + n, sha256(''), sha256('')
            FROM (SELECT n, now() - n * (interval '350 days' / %2$d) AS at FROM generate_series(1::bigint, %2$d) AS n) AS r""";

    private static final long PEOPLE = 200;

    private AuditBench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        if (options.contains("--help")) {
            System.out.println(USAGE);
            return;
        }
        long rows = Options.number(options, "--rows", 20_000_000);
        long requests = Options.number(options, "--requests", 200);
        Metrics figures = new Metrics();
        Servers servers = Servers.start();
        System.out.println(Machine.describe());
        servers.kafka().createTopic("beside", LedgerEvents.PARTITIONS, Map.of());
        try (TxlookupConsumer consumer = TxlookupConsumer.start(servers, "audit", "beside", 1, "256m")) {
            figures.put("partitions", fill(consumer.url(), rows));
            System.out.printf("%,d rows%n", rows);
            try (ApiProcess api = ApiProcess.start(servers, consumer.url());
                    HttpConnection connection =
                            new HttpConnection(api.port(), "X-Actor-Id: bench\r\nX-Actor-Roles: ADMIN_AUDIT")) {
                measure(figures, connection, requests, rows);
            }
        }
        figures.put("rows", rows);
        figures.print();
        System.exit(0);
    }

    private static void measure(Metrics figures, HttpConnection connection, long requests, long rows)
            throws IOException {
        ask(figures, "newest_", connection, requests, n -> "");
        ask(figures, "actor_", connection, requests, n -> "actor=actor-" + n % PEOPLE);
        ask(figures, "stranger_", connection, requests, n -> "actor=nobody-" + n);
        ask(figures, "resource_", connection, requests, n -> "resource_id=tx-" + n * 104_729 % 5_000_000);
        ask(
                figures,
                "correlation_",
                connection,
                requests,
                n -> "correlation_id=request-" + Long.toHexString(1 + n * 104_729 % rows));
        ask(figures, "denied_", connection, requests, n -> "result=DENIED");
        ask(figures, "revealed_", connection, requests, n -> "action=REVEAL");
        ask(figures, "actor_not_found_", connection, requests, n -> "result=NOT_FOUND&actor=actor-" + n % PEOPLE);
        ask(figures, "actor_revealed_", connection, requests, n -> "action=REVEAL&actor=actor-" + n % PEOPLE);
        ask(figures, "a_day_", connection, requests, n -> "from=%1$sT00:00:00Z&to=%1$sT23:59:59Z"
                .formatted(LocalDate.now(ZoneOffset.UTC).minusDays(1 + n % 320)));
    }

    private static void ask(
            Metrics figures, String kind, HttpConnection connection, long requests, LongFunction<String> query)
            throws IOException {
        SequentialLookups.ask(figures, kind, connection, requests, n -> "/admin/audit?" + query.apply(n));
    }

    /** Returns how many partitions hold the rows. */
    private static long fill(String url, long rows) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "bench", "bench");
                Statement statement = connection.createStatement()) {
            statement.execute(MONTHS);
            List<String> indexes = Sql.texts(connection, INDEXES.formatted("indexdef"));
            for (String index : Sql.texts(connection, INDEXES.formatted("indexname"))) {
                statement.execute("DROP INDEX bo." + index);
            }
            statement.execute(ROWS.formatted(Servers.GENERATION, rows));
            statement.execute("SET maintenance_work_mem = '512MB'");
            for (String index : indexes) {
                statement.execute(index.replace(" ON ONLY ", " ON "));
            }
            statement.execute("VACUUM ANALYZE bo.audit");
            statement.execute("CHECKPOINT");
            return Sql.number(connection, "SELECT count(DISTINCT tableoid) FROM bo.audit");
        }
    }
}
