package txlookup.cli.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import txlookup.api.LookupApi;
import txlookup.api.config.Authentication;
import txlookup.api.config.LookupApiSettings;
import txlookup.apply.model.Entity;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.apply.store.position.BatchResult;
import txlookup.backfill.Backfill;
import txlookup.backfill.Manifest;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.backfill.pipeline.LoadSettings;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;
import txlookup.backfill.source.NdjsonInput;
import txlookup.backfill.throttle.ThrottleSettings;
import txlookup.cli.service.Served;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.profiles.events.EventProfiles;
import txlookup.traffic.Extract;
import txlookup.traffic.Payments;

/** A load beside the API itself, whose lookups the database makes wait for a while: each needs its row in the audit. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ThrottledByTheApiIT {
    private static final long GENERATION = 20261101000000L;
    private static final long SERVING = 20261031000000L;
    private static final Instant CUTOVER = Instant.parse("2026-11-01T00:00:00Z");
    private static final int CHUNKS = 200;
    private static final int CHUNK_ROWS = 50;
    private static final int ASKING = 8;
    private static final Duration STANDS_STILL = Duration.ofSeconds(2);

    private final TestDatabase database = SharedPostgres.newDatabase();
    private final HikariDataSource store = StoreConnections.generation(
            GENERATION,
            database.jdbcUrl(),
            database.user(),
            database.password(),
            6,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger chunks = new AtomicInteger();
    private volatile boolean slow;
    private volatile boolean over;

    @TempDir
    private Path folder;

    /** Each of some thousand requests is a line otherwise. */
    @BeforeEach
    void logNoRequests() {
        ((Logger) LoggerFactory.getLogger("txlookup.api")).setLevel(Level.WARN);
    }

    @AfterEach
    void drop() throws InterruptedException {
        ((Logger) LoggerFactory.getLogger("txlookup.api")).setLevel(null);
        over = true;
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        store.close();
        SharedPostgres.server().dropDatabase(database.name());
    }

    /** Takes a moment for each chunk, so that a load of few rows lasts as long as one of many. */
    private record SlowlyRead(Input file) implements Input {
        @Override
        public String name() {
            return file.name();
        }

        @Override
        public Entity entity() {
            return file.entity();
        }

        @Override
        public OptionalLong size() {
            return OptionalLong.empty();
        }

        @Override
        public Reader open(long nextPosition, @Nullable String resumeFrom, Instant asOf) throws IOException {
            Reader reader = new NdjsonInput(Path.of(file.name()), file.entity()).open(nextPosition, resumeFrom, asOf);
            return new Reader() {
                @Override
                public Chunk next(int rows, long bytes) throws IOException {
                    try {
                        TimeUnit.MILLISECONDS.sleep(20);
                        return reader.next(rows, bytes);
                    } catch (Exception e) {
                        throw new IOException(e);
                    }
                }

                @Override
                public void close() throws IOException {
                    try {
                        reader.close();
                    } catch (Exception e) {
                        throw new IOException(e);
                    }
                }
            };
        }
    }

    private Manifest load(URI metrics) throws Exception {
        int payments = CHUNKS * CHUNK_ROWS / 2;
        Extract extract = Extract.write(new Payments(1, CUTOVER, payments), 0, payments, folder, false);
        BackfillProgress counting = new BackfillProgress() {
            @Override
            public void begins(Input input, long rowsBefore) {}

            @Override
            public void applied(Input input, Chunk chunk, BatchResult applied) {
                chunks.incrementAndGet();
            }
        };
        return new Backfill(
                        new LoadSettings(GENERATION, CUTOVER, CUTOVER, "test", CHUNK_ROWS, 2, Duration.ofHours(1)),
                        EventProfiles.load("canonical-v1"),
                        store,
                        counting,
                        Clock.systemUTC(),
                        new ThrottleSettings(metrics, Duration.ofMillis(150), null, 0, Duration.ofMinutes(2)))
                .load(List.of(new SlowlyRead(new NdjsonInput(extract.ledgerEntries(), Entity.LEDGER_ENTRY))));
    }

    private long rows() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Path entries = files.filter(file -> file.getFileName().toString().contains("ledger"))
                    .findFirst()
                    .orElseThrow();
            return Files.readAllLines(entries).size();
        }
    }

    private Void ask(URI api) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request =
                HttpRequest.newBuilder(api.resolve("/admin/tx/tx-1")).build();
        while (!over) {
            client.send(request, HttpResponse.BodyHandlers.discarding());
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return null;
    }

    private Void keepTheAudit() throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!over) {
                if (slow) {
                    statement.execute("LOCK TABLE bo.audit IN SHARE MODE");
                    TimeUnit.MILLISECONDS.sleep(400);
                    connection.rollback();
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
        return null;
    }

    private static void await(BooleanSupplier condition, String what) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s within a minute", what).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private BooleanSupplier standsStill() {
        int[] seen = {-1};
        long[] since = {0};
        return () -> {
            if (chunks.get() != seen[0]) {
                seen[0] = chunks.get();
                since[0] = System.nanoTime();
            }
            return System.nanoTime() - since[0] > STANDS_STILL.toNanos();
        };
    }

    @Test
    void aLoadStandsStillWhileLookupsAreSlowAndGoesOnWhenTheyAreNot() throws Exception {
        Served.make(database, SERVING);
        Migrations.toHead(store, GENERATION);
        new GenerationRegistry(store)
                .plan(new Generation(
                        GENERATION, "test", "test", "test", "canonical-v1", CUTOVER, Generation.State.PLANNED, null));
        try (LookupApi api = LookupApi.start(new LookupApiSettings(
                "local",
                LookupApiSettings.Http.on("127.0.0.1", 0),
                LookupApiSettings.Database.at(database.jdbcUrl(), database.user(), Optional.of(database.password())),
                new Authentication.Disabled(),
                LookupApiSettings.Audit.DEFAULT,
                LookupApiSettings.Limits.NONE,
                Optional.empty()))) {
            URI address = URI.create("http://127.0.0.1:" + api.port());
            List<Future<Void>> running = new ArrayList<>();
            running.add(threads.submit((Callable<Void>) this::keepTheAudit));
            for (int i = 0; i < ASKING; i++) {
                running.add(threads.submit((Callable<Void>) () -> ask(address)));
            }
            Future<Manifest> load = threads.submit((Callable<Manifest>) () -> load(address.resolve("/metrics")));
            await(() -> chunks.get() >= CHUNKS / 5, "the load is under way");

            slow = true;
            await(standsStill(), "the load stands still");
            assertThat(load).as("the load, while lookups are slow").isNotDone();
            int held = chunks.get();

            slow = false;
            await(() -> chunks.get() > held, "the load goes on");
            assertThat(load.get().rows()).isEqualTo(rows());
            over = true;
            for (Future<Void> one : running) {
                assertThat(one.get(30, TimeUnit.SECONDS)).isNull();
            }
        }
    }
}
