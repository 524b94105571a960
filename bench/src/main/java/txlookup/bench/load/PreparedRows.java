package txlookup.bench.load;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.PGConnection;
import txlookup.bench.servers.Sql;

/**
 * A store's rows as PostgreSQL itself writes them, in parts: what can be loaded without reading, ordering or checking
 * anything. No load can be faster than these by COPY, unless the database does less.
 */
public final class PreparedRows {
    private static final List<String> BOTH = List.of("ledger_entry", "payment_order");
    private static final String INDEXES = """
            SELECT %s FROM pg_indexes
            WHERE schemaname = current_schema() AND tablename IN ('ledger_entry', 'payment_order')""";

    private static final class Rows {
        private final String table;
        private final byte[] binary;

        Rows(String table, byte[] binary) {
            this.table = table;
            this.binary = binary;
        }
    }

    private final List<Rows> parts = new ArrayList<>();
    private final List<String> indexes;
    private long count;

    private PreparedRows(List<String> indexes) {
        this.indexes = indexes;
    }

    /** Those of both tables, in two parts each. */
    public static PreparedRows of(String url) throws Exception {
        return of(url, BOTH, 2);
    }

    /** The ledger entries alone, in so many parts. */
    public static PreparedRows ofEntries(String url, int parts) throws Exception {
        return of(url, List.of("ledger_entry"), parts);
    }

    private static PreparedRows of(String url, List<String> tables, int parts) throws Exception {
        try (Connection connection = connect(url);
                Statement oneOrder = connection.createStatement()) {
            // All parts are read in the same order: a scan of a big table else begins where another one is.
            oneOrder.execute("SET synchronize_seqscans = off; SET max_parallel_workers_per_gather = 0");
            PreparedRows rows = new PreparedRows(Sql.texts(connection, INDEXES.formatted("indexdef")));
            for (String table : tables) {
                long all = Sql.number(connection, "SELECT count(*) FROM " + table);
                rows.count += all;
                for (int part = 0; part < parts; part++) {
                    ByteArrayOutputStream binary = new ByteArrayOutputStream(64 << 20);
                    connection
                            .unwrap(PGConnection.class)
                            .getCopyAPI()
                            .copyOut(
                                    "COPY (SELECT * FROM %s OFFSET %d LIMIT %d) TO STDOUT (FORMAT binary)"
                                            .formatted(
                                                    table, part * (all / parts), part < parts - 1 ? all / parts : all),
                                    binary);
                    rows.parts.add(new Rows(table, binary.toByteArray()));
                }
            }
            return rows;
        }
    }

    public long count() {
        return count;
    }

    /**
     * Copies into tables without indexes and makes those afterwards; rows a second.
     *
     * @param streams how many of each at once
     */
    public double copyThenIndex(String url, int streams) throws Exception {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_pkey");
            statement.execute("ALTER TABLE payment_order DROP CONSTRAINT payment_order_pkey");
            for (String index : Sql.texts(connection, INDEXES.formatted("indexname"))) {
                statement.execute("DROP INDEX " + index);
            }
        }
        long start = System.nanoTime();
        copy(url, streams, parts);
        atOnce(
                streams,
                indexes.stream()
                        .map(index -> (Callable<Void>) () -> {
                            try (Connection connection = connect(url);
                                    Statement statement = connection.createStatement()) {
                                statement.execute("SET maintenance_work_mem = '256MB'");
                                statement.execute(index);
                            }
                            return null;
                        })
                        .toList());
        return count * 1e9 / (System.nanoTime() - start);
    }

    /** Copies into the tables as the migrations make them; rows a second. */
    public double copyIndexed(String url, int streams) throws Exception {
        long start = System.nanoTime();
        copy(url, streams, parts);
        return count * 1e9 / (System.nanoTime() - start);
    }

    /** As {@link #copyIndexed}, but the first half of one table's parts is copied before the clock starts. */
    public double copyIndexedFromHalfOn(String url, int streams) throws Exception {
        int half = parts.size() / 2;
        copy(url, streams, parts.subList(0, half));
        long start = System.nanoTime();
        copy(url, streams, parts.subList(half, parts.size()));
        return count / 2.0 * 1e9 / (System.nanoTime() - start);
    }

    private static void copy(String url, int streams, List<Rows> parts) throws Exception {
        atOnce(
                streams,
                parts.stream()
                        .map(rows -> (Callable<Void>) () -> {
                            copy(url, rows);
                            return null;
                        })
                        .toList());
    }

    private static void copy(String url, Rows rows) throws SQLException, IOException {
        try (Connection connection = connect(url)) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "COPY %s FROM STDIN (FORMAT binary)".formatted(rows.table),
                            new ByteArrayInputStream(rows.binary),
                            1 << 16);
        }
    }

    private static void atOnce(int streams, List<Callable<Void>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(streams);
        try {
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url, "bench", "bench");
    }
}
