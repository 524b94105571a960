package txlookup.api.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import txlookup.api.RunningApi;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.generation.SideMeters;
import txlookup.api.pairing.PairedEntry;
import txlookup.api.store.LookupConnections;
import txlookup.api.store.Spread;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/** What a lookup costs the store. */
class LookupQueriesIT {
    private static final String PLANS = """
            SELECT sum(generic_plans) AS generic, sum(custom_plans) AS custom
            FROM pg_prepared_statements WHERE statement LIKE 'WITH entry%tx_id IN%'""";

    private static final String MANY_ENTRIES = """
            INSERT INTO ledger_entry (event_time, created_at, source_time, digest, source_position, ingested_at,
                source_id, tx_id, wallet_id, entry_type, amount, related_id, related_type)
            SELECT at, at, at, 0, n, at, 1, 'TX-' || n, CASE WHEN n % 2 = 0 THEN 'W-BIG' ELSE 'W-' || n END,
                   CASE n % 2 WHEN 0 THEN 'PAYMENT' ELSE 'RECEIVE' END, 1, 'ORD-' || n / 2, 'PAYMENT_ORDER'
            FROM generate_series(1, 20000) n, LATERAL (SELECT timestamptz '2026-02-05Z' + n * interval '1 s' AS at) t;
            INSERT INTO payment_order (created_at, source_time, digest, source_position, ingested_at, source_id,
                order_id, amount, status)
            SELECT now(), now(), 0, n, now(), 1, 'ORD-' || n, 1, 'PAID' FROM generate_series(1, 10000) n;
            ANALYZE ledger_entry, payment_order""";

    private static TestDatabase database;
    private static boolean spread;

    @BeforeAll
    static void fill() throws SQLException {
        database = SharedPostgres.newDatabase();
        RunningApi.migrate(database);
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(MANY_ENTRIES);
            spread = new Spread().isOn(connection);
        }
    }

    @AfterAll
    static void drop() {
        SharedPostgres.drop(database);
    }

    @Test
    void onAClusterEntriesAreReadFromAnIndexOfEveryServerThatIsAsked() throws SQLException {
        assumeTrue(spread, "needs a server with Citus");
        String mode = "auto";
        assertThat(plan(mode, "text", SpreadLookups.unpaired(LookupQueries.ofTransactions(1)), "'TX-1000'"))
                .contains("Task Count: 1", "ledger_entry_pkey");
        assertThat(plan(mode, "text, bigint", SpreadLookups.unpaired(LookupQueries.OF_ONE_ORDER), "'ORD-1000', 1001"))
                .contains("ledger_entry_by_related_id")
                .doesNotContain("Seq Scan");
        assertThat(plan(
                        mode,
                        "text, timestamptz, timestamptz, timestamptz, text, bigint",
                        SpreadLookups.unpaired(LookupQueries.ONE_PAGE_OF_A_WALLET),
                        "'W-BIG', '2026-02-05T03:00:00Z', '-infinity', '2026-02-05T03:00:00Z', 'TX-1', 21"))
                .contains("ledger_entry_by_wallet")
                .doesNotContain("Seq Scan");
    }

    private static void requireOneServer() {
        assumeFalse(spread, "the statements of a store on one server");
    }

    @Test
    void eachLookupIsOneStatement() throws SQLException {
        requireOneServer();
        List<String> statements = new ArrayList<>();
        LookupQueries lookups = new LookupQueries(listening(statements), Duration.ofSeconds(10));
        lookups.transaction("NEVER"); // the first one also asks how the tables are spread
        statements.clear();

        assertThat(lookups.transaction("TX-1000")).isPresent();
        assertThat(statements).hasSize(1);
        assertThat(lookups.paymentOrder("ORD-1000").orElseThrow().entries()).hasSize(2);
        assertThat(statements).hasSize(2);
        assertThat(lookups.wallet(everythingOf("W-BIG"), Optional.empty(), 100)).hasSize(100);
        assertThat(statements).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"force_generic_plan", "force_custom_plan"})
    void aWalletsPageIsReadFromItsIndexAndOnlyEntriesOfOneInstantAreSorted(String mode) throws SQLException {
        requireOneServer();
        String plan = plan(
                mode,
                "text, timestamptz, timestamptz, timestamptz, text, bigint",
                LookupQueries.WALLET_PAGE,
                "'W-BIG', '2026-02-05T03:00:00Z', '-infinity', '2026-02-05T03:00:00Z', 'TX-1', 21");

        assertThat(entryPart(plan))
                .contains("Index Scan using ledger_entry_by_wallet")
                .containsPattern("Index Cond: .*wallet_id.*event_time <= .*event_time >= ")
                .containsPattern("Incremental Sort.*\\R.*\\R\\s+Presorted Key: ledger_entry.event_time\\R")
                .doesNotContain("->  Sort");
        assertThat(plan).doesNotContain("Seq Scan on ledger_entry");
    }

    @ParameterizedTest
    @ValueSource(strings = {"force_generic_plan", "force_custom_plan"})
    void aTransactionAndItsSidesAreReadFromIndexes(String mode) throws SQLException {
        requireOneServer();
        assertThat(plan(mode, "text", LookupQueries.TRANSACTION, "'TX-1000'"))
                .contains("ledger_entry_pkey", "ledger_entry_by_related_id", "payment_order_pkey")
                .doesNotContain("Seq Scan on ledger_entry", "Seq Scan on payment_order");
    }

    @ParameterizedTest
    @ValueSource(strings = {"force_generic_plan", "force_custom_plan"})
    void manyTransactionsAndTheirSidesAreReadFromIndexes(String mode) throws SQLException {
        requireOneServer();
        assertThat(plan(
                        mode,
                        "text, text, text, text",
                        LookupQueries.transactions(4),
                        "'TX-1000', 'TX-2000', 'TX-3001', 'TX-3001'"))
                .contains("ledger_entry_pkey", "ledger_entry_by_related_id", "payment_order_pkey")
                .doesNotContain("Seq Scan on ledger_entry", "Seq Scan on payment_order");
    }

    @Test
    void lookupsThatComeTogetherShareStatementsAndEachGetsItsOwn() throws Exception {
        List<String> statements = Collections.synchronizedList(new ArrayList<>());
        LookupQueries lookups = new LookupQueries(listening(statements), Duration.ofSeconds(10));
        int threads = 24;
        int each = 50;
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> asked = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int first = 1 + thread * 17;
                asked.add(callers.submit(() -> {
                    for (int n = first; n < first + each; n++) {
                        PairedEntry entry = lookups.transaction("TX-" + n).orElseThrow();
                        assertThat(entry.txId()).isEqualTo("TX-" + n);
                        assertThat(entry.relatedId()).isEqualTo("ORD-" + n / 2);
                        assertThat(lookups.transaction("TX-" + n + "-NEVER")).isEmpty();
                    }
                    return null;
                }));
            }
            for (Future<?> one : asked) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(statements.size()).isLessThan(threads * each);
    }

    @ParameterizedTest
    @ValueSource(strings = {"force_generic_plan", "force_custom_plan"})
    void aPaymentOrderAndItsEntriesAreReadFromIndexes(String mode) throws SQLException {
        requireOneServer();
        assertThat(plan(mode, "text, bigint, text", LookupQueries.PAYMENT_ORDER, "'ORD-1000', 1001, 'ORD-1000'"))
                .contains("ledger_entry_by_related_id", "payment_order_pkey")
                .doesNotContain("Seq Scan on ledger_entry", "Seq Scan on payment_order");
    }

    @Test
    void theConnectionsForLookupsCannotChangeTheStore() throws SQLException {
        try (HikariDataSource pool = pool();
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("DELETE FROM ledger_entry"))
                    .hasMessageContaining("read-only transaction");
        }
    }

    @Test
    void aLookupOfSeveralTransactionsIsPlannedOnce() throws SQLException {
        requireOneServer();
        try (HikariDataSource pool = pool();
                Connection connection = pool.getConnection();
                PreparedStatement lookup = connection.prepareStatement(LookupQueries.transactions(4));
                Statement statement = connection.createStatement()) {
            for (int times = 0; times < 20; times++) {
                for (int place = 1; place <= 4; place++) {
                    lookup.setString(place, "TX-" + times + place);
                }
                lookup.executeQuery().close();
            }
            try (ResultSet plans = statement.executeQuery(PLANS)) {
                plans.next();
                assertThat(plans.getInt("custom")).isZero();
                assertThat(plans.getInt("generic")).isEqualTo(20);
            }
        }
    }

    private static HikariDataSource pool() {
        return LookupConnections.forLookups(
                RunningApi.GENERATION,
                LookupApiSettings.Database.at(database.jdbcUrl(), database.user(), Optional.of(database.password())),
                new LookupConnections.Size(0, 2),
                connection -> {},
                new SideMeters(new SimpleMeterRegistry()).ofPool(RunningApi.GENERATION));
    }

    private static WalletRange everythingOf(String walletId) {
        return new WalletRange(walletId, Optional.<Instant>empty(), Optional.empty());
    }

    /** The plan of the named part of the statement that chooses the entries. */
    private static String entryPart(String plan) {
        int start = plan.indexOf("CTE entry");
        int end = plan.indexOf("CTE related", start);
        return plan.substring(start, end < 0 ? plan.length() : end);
    }

    private static String plan(String mode, String types, String sql, String values) throws SQLException {
        AtomicInteger parameter = new AtomicInteger();
        String numbered = Pattern.compile("\\?").matcher(sql).replaceAll(mark -> "\\$" + parameter.incrementAndGet());
        try (HikariDataSource pool = pool();
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET plan_cache_mode = " + mode);
            statement.execute("PREPARE lookup (" + types + ") AS " + numbered);
            StringBuilder plan = new StringBuilder();
            try (ResultSet lines = statement.executeQuery("EXPLAIN EXECUTE lookup (" + values + ")")) {
                while (lines.next()) {
                    plan.append(lines.getString(1)).append('\n');
                }
            }
            return plan.toString();
        }
    }

    private static DataSource listening(List<String> statements) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(database.jdbcUrl());
        source.setUser(database.user());
        source.setPassword(database.password());
        return proxy(DataSource.class, source, statements);
    }

    /** Passes every call on and notes each statement that is made. */
    private static <T> T proxy(Class<T> type, T target, List<String> statements) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        Object result = method.invoke(target, arguments);
                        if (method.getName().equals("prepareStatement")
                                || method.getName().equals("createStatement")) {
                            statements.add(arguments == null ? "" : (String) arguments[0]);
                        }
                        return result instanceof Connection connection
                                ? proxy(Connection.class, connection, statements)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
