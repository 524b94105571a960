package txlookup.bench.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import txlookup.backfill.source.Input;
import txlookup.bench.contender.TxlookupBackfill;
import txlookup.bench.measure.Metrics;
import txlookup.bench.servers.ParentWatchdog;
import txlookup.bench.servers.Servers;
import txlookup.bench.servers.Sql;

/** A load in a process of its own that is killed while indexes are made, and resumed by another one. */
public final class KilledLoad {
    private static final String MADE = """
            SELECT count(*) FROM pg_indexes WHERE schemaname = current_schema()
            AND tablename ~ '^(ledger_entry|payment_order)'""";

    private static final String BEING_MADE = """
            SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
            AND (query LIKE 'CREATE%INDEX%' OR query LIKE 'ALTER TABLE%ADD CONSTRAINT%')""";

    private static final long LOOK_EVERY_MILLIS = 5;

    private final ScaledStore store;
    private final List<String> arguments;

    /** @param arguments of {@link #main} */
    KilledLoad(ScaledStore store, List<String> arguments) {
        this.store = store;
        this.arguments = arguments;
    }

    void run(Metrics figures) throws Exception {
        long before = store.number(MADE);
        long started = System.nanoTime();
        Process first = start();
        long copied = awaitIndexes(first);
        figures.addMillis("load_copied_after_s", (copied - started) / 1e9);
        figures.addMillis("load_killed_after_s", (System.nanoTime() - started) / 1e9);
        first.destroyForcibly().waitFor();
        figures.put("load_indexes_when_killed", store.number(MADE));
        // The locks of a killed session end when the server notices.
        while (store.number(BEING_MADE) > 0) {
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        long again = System.nanoTime();
        Process second = start();
        if (second.waitFor() != 0) {
            throw new IOException("The resumed load ended with " + second.exitValue() + ": " + log());
        }
        figures.addMillis("load_resumed_s", (System.nanoTime() - again) / 1e9);
        double seconds = (System.nanoTime() - started) / 1e9;
        figures.addMillis("load_s", seconds);
        long rows = store.number("SELECT sum(applied) FROM coverage WHERE kind = 'BACKFILL'");
        figures.put("rows", rows);
        figures.add("load", rows / seconds);
        if (store.number(MADE) != before) {
            throw new IllegalStateException(
                    "%d indexes are there after the load, %d before".formatted(store.number(MADE), before));
        }
    }

    /** Returns when some indexes are there and another is being made; the instant at which the first was begun. */
    private long awaitIndexes(Process load) throws Exception {
        long begun = 0;
        try (Connection connection = store.connect()) {
            while (load.isAlive()) {
                boolean being = Sql.number(connection, BEING_MADE) > 0;
                if (being && begun == 0) {
                    begun = System.nanoTime();
                }
                if (being && Sql.number(connection, MADE) > 0) {
                    return begun;
                }
                load.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
        throw new IOException("The load ended with " + load.exitValue() + " before it could be killed: " + log());
    }

    private Process start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:NewRatio=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledLoad.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
                .start();
    }

    private Path logFile() {
        return store.servers().folder().resolve("load.log");
    }

    private String log() throws IOException {
        return Files.readString(logFile());
    }

    /** Loads: the store's address, entries, and the extract's folder where rows are not to be generated. */
    public static void main(String[] arguments) throws Exception {
        ParentWatchdog.toTheBench();
        ScalePoint point = new ScalePoint(Long.parseLong(arguments[1]), 1);
        List<Input> inputs = arguments.length > 2 ? ScalePhases.files(Path.of(arguments[2])) : GeneratedRows.of(point);
        try (TxlookupBackfill backfill = TxlookupBackfill.planned(arguments[0], Servers.GENERATION)) {
            System.out.printf("%,.0f rows/s%n", backfill.load(inputs));
        }
        System.exit(0);
    }
}
