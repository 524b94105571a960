package txlookup.api.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import txlookup.api.Changed;
import txlookup.api.Eventually;
import txlookup.api.RunningApi;
import txlookup.local.postgres.LocalPostgres;
import txlookup.local.postgres.PostgresSettings;
import txlookup.local.process.Command;
import txlookup.local.process.ProcessIdentity;
import txlookup.local.process.Signal;
import txlookup.local.testing.GivenStore;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/**
 * A replica answers lookups by its own watermark, and is left out while it is frozen, behind or gone. A writer stores rows and
 * says so in the watermark in one transaction; readers ask for them and hold each answer against what it claims.
 */
@DisabledIfSystemProperty(named = GivenStore.URL, matches = ".+", disabledReason = "it stops servers of its own")
@Timeout(300)
class ReplicaIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int READERS = 4;
    private static final String SHOWN = "txlookup_api_replica_reads_total ";

    private static final String ENTRY = """
            INSERT INTO ledger_entry (event_time, created_at, source_time, digest, source_position, ingested_at,
                source_id, tx_id, wallet_id, entry_type, amount)
            VALUES (now(), now(), now(), 0, 0, now(), 1, ?, 'W-1', 'PAYMENT', 1)""";
    private static final String WATERMARK = "UPDATE coverage SET applied_until = ?, caught_up_at = ?";

    @TempDir
    Path folder;

    private final AtomicInteger written = new AtomicInteger();
    private final Map<Integer, Instant> claimed = new HashMap<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicInteger ofOldData = new AtomicInteger();
    private volatile Duration slowest = Duration.ZERO;
    private volatile boolean done;

    @Test
    void aReplicaThatFreezesAndGoesFailsNoLookupAndClaimsNothingThatItDoesNotHold() throws Exception {
        live(Duration.ofSeconds(8));
    }

    @Test
    @Tag("nightly")
    void theSameForAMinute() throws Exception {
        live(Duration.ofMinutes(1));
    }

    private void live(Duration frozen) throws Exception {
        PostgresSettings ofStore = SharedPostgres.settings(folder.resolve("data"));
        LocalPostgres store = LocalPostgres.start(ofStore);
        store.createDatabase("own");
        RunningApi.migrateAndServe(database(store, ofStore));
        RunningApi.execute(database(store, ofStore), """
                INSERT INTO coverage (kind, name, partition, start_position, next_position, as_of)
                VALUES ('STREAM', 'ledger', 0, 0, 0, now())""");
        store.stop();
        Command.run(
                List.of(
                        "cp",
                        "-a",
                        folder.resolve("data").toString(),
                        folder.resolve("copy").toString()),
                SOON);
        Files.createFile(folder.resolve("copy").resolve("standby.signal"));
        store = LocalPostgres.start(ofStore);
        String way = "host=127.0.0.1 port=%d user=%s password=%s"
                .formatted(store.port(), ofStore.superuser(), ofStore.password());
        PostgresSettings ofCopy = SharedPostgres.settings(
                folder.resolve("copy"), Map.of("primary_conninfo", way, "recovery_min_apply_delay", "300ms"));
        LocalPostgres copy = LocalPostgres.start(ofCopy);
        TestDatabase database = database(store, ofStore);
        ExecutorService threads = Executors.newFixedThreadPool(READERS + 1);
        try (RunningApi api = RunningApi.start(
                database,
                settings ->
                        Changed.database(settings, settings.database().readFrom(Optional.of(copy.jdbcUrl("own")))))) {
            List<Future<?>> running = new ArrayList<>();
            running.add(threads.submit(() -> write(database)));
            for (int reader = 0; reader < READERS; reader++) {
                Random random = new Random(reader);
                running.add(threads.submit(() -> read(api, random)));
            }
            awaitReads(api, "the replica answers");

            signal(copy, Signal.STOP);
            Thread.sleep(frozen.toMillis());
            long whileFrozen = reads(api);
            Thread.sleep(1_000);
            assertThat(reads(api)).as("read from a frozen replica").isEqualTo(whileFrozen);
            signal(copy, Signal.CONT);
            awaitReads(api, "the replica answers again");

            copy.crash();
            Thread.sleep(frozen.dividedBy(2).toMillis());
            copy.restart();
            awaitReads(api, "the replica answers once it is back");

            done = true;
            for (Future<?> one : running) {
                one.get();
            }
            System.out.printf(
                    "%d lookups, %d from the replica, %d of older data, slowest %d ms%n",
                    answers.get(), reads(api), ofOldData.get(), slowest.toMillis());
        } finally {
            done = true;
            threads.shutdownNow();
            LocalPostgres.find(ofCopy).ifPresent(LocalPostgres::crash);
            store.crash();
        }
        assertThat(wrong).isEmpty();
        assertThat(ofOldData).as("answers that say that they are of before").hasPositiveValue();
        assertThat(slowest).isLessThan(Duration.ofSeconds(5));
    }

    /** Rows one by one, each with the moment up to which everything is there by then. */
    private Object write(TestDatabase database) throws Exception {
        try (Connection connection = database.connect();
                PreparedStatement entry = connection.prepareStatement(ENTRY);
                PreparedStatement watermark = connection.prepareStatement(WATERMARK)) {
            connection.setAutoCommit(false);
            while (!done) {
                int number = written.get();
                Instant now = Instant.now();
                entry.setString(1, "TX-" + number);
                entry.executeUpdate();
                watermark.setObject(1, now.atOffset(ZoneOffset.UTC));
                watermark.setObject(2, now.atOffset(ZoneOffset.UTC));
                watermark.executeUpdate();
                synchronized (claimed) {
                    claimed.put(number, now);
                }
                connection.commit();
                written.incrementAndGet();
                Thread.sleep(20);
            }
        }
        return written;
    }

    /** Mostly what was written last: that is what a replica lacks. */
    private Object read(RunningApi api, Random random) {
        while (!done) {
            int last = written.get();
            if (last == 0) {
                continue;
            }
            int number = Math.max(0, last - 1 - (random.nextInt(4) == 0 ? random.nextInt(last) : random.nextInt(5)));
            long began = System.nanoTime();
            HttpResponse<String> answer = api.get("/admin/tx/TX-" + number);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            slowest = took.compareTo(slowest) > 0 ? took : slowest;
            answers.incrementAndGet();
            hold(number, answer);
        }
        return answers;
    }

    private void hold(int number, HttpResponse<String> answer) {
        Instant asOf =
                answer.headers().firstValue("X-Data-As-Of").map(Instant::parse).orElse(Instant.MIN);
        Instant there;
        synchronized (claimed) {
            there = claimed.get(number);
        }
        if (answer.statusCode() == 404 && asOf.isBefore(there)) {
            ofOldData.incrementAndGet();
        } else if (answer.statusCode() != 200) {
            wrong.add(
                    "TX-%d of %s: %d as of %s, %s".formatted(number, there, answer.statusCode(), asOf, answer.body()));
        }
    }

    private static void awaitReads(RunningApi api, String what) {
        long before = reads(api);
        Eventually.within(SOON, what, () -> reads(api) > before + 500);
    }

    private static long reads(RunningApi api) {
        return api.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(SHOWN))
                .map(line -> (long) Double.parseDouble(line.substring(SHOWN.length())))
                .findFirst()
                .orElseThrow();
    }

    private static TestDatabase database(LocalPostgres server, PostgresSettings settings) {
        return new TestDatabase("own", server.jdbcUrl("own"), settings.superuser(), settings.password());
    }

    private static void signal(LocalPostgres server, Signal signal) {
        ProcessHandle postmaster = ProcessHandle.of(server.pid()).orElseThrow();
        Stream.concat(Stream.of(postmaster), postmaster.descendants())
                .flatMap(process -> ProcessIdentity.of(process.pid()).stream())
                .forEach(signal::send);
    }
}
