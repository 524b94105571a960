package txlookup.api.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.api.ApiGenerations.NEW;
import static txlookup.api.ApiGenerations.OLD;

import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.api.ApiGenerations;
import txlookup.api.Audited;
import txlookup.api.Changed;
import txlookup.api.Eventually;
import txlookup.api.RunningApi;
import txlookup.api.config.LookupApiSettings;
import txlookup.local.testing.TestDatabase;

/** What serves changes while lookups run. */
public class ServingSwitchIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int THREADS = 6;
    private static final String WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            + " AND datname = current_database()";

    private TestDatabase database;
    private RunningApi api;

    private record Seen(long begun, long generation, int status, boolean right) {}

    @BeforeEach
    void start() {
        database = ApiGenerations.database();
        api = RunningApi.start(database, ServingSwitchIT::patient);
        RunningApi.awaitPrepared(database, OLD);
        RunningApi.awaitPrepared(database, NEW);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void noLookupFailsEachIsRightForItsGenerationAndASecondLaterAllAreOnTheNewOne() throws Exception {
        Queue<Seen> seen = new ConcurrentLinkedQueue<>();
        AtomicBoolean ending = new AtomicBoolean();
        ExecutorService callers = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> asking = new ArrayList<>();
        long[] switched = new long[4];
        try {
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread;
                asking.add(callers.submit(() -> ask(first, seen, ending)));
            }
            for (int turn = 0; turn < switched.length; turn++) {
                Thread.sleep(1_500);
                RunningApi.serve(database, turn % 2 == 0 ? NEW : OLD);
                switched[turn] = System.nanoTime();
            }
            Thread.sleep(1_500);
        } finally {
            ending.set(true);
            callers.shutdown();
        }
        for (Future<?> one : asking) {
            one.get(30, TimeUnit.SECONDS);
        }

        assertThat(seen).hasSizeGreaterThan(500).allMatch(one -> one.status() == 200 && one.right());
        assertThat(seen).extracting(Seen::generation).contains(OLD, NEW);
        for (int turn = 0; turn < switched.length; turn++) {
            long from = switched[turn] + Duration.ofSeconds(1).toNanos();
            long to = turn + 1 < switched.length ? switched[turn + 1] : Long.MAX_VALUE;
            long wanted = turn % 2 == 0 ? NEW : OLD;
            assertThat(seen.stream()
                            .filter(one ->
                                    one.begun() - from > 0 && one.begun() - to < 0 && to - one.begun() > 100_000_000)
                            .filter(one -> one.generation() != wanted))
                    .as("later than a second after switch %d", turn)
                    .isEmpty();
        }
        assertThat(ApiGenerations.number(
                        database,
                        "SELECT count(*) FROM bo.audit WHERE generation IS NULL OR generation NOT IN (%d, %d)"
                                .formatted(OLD, NEW)))
                .isZero();
    }

    private Void ask(int first, Queue<Seen> seen, AtomicBoolean ending) {
        String[] paths = {"/admin/tx/TX-%d", "/admin/payment-orders/ORD-%d", "/admin/wallets/W-%d/tx"};
        for (int n = first; !ending.get(); n++) {
            long begun = System.nanoTime();
            HttpResponse<String> answer = api.get(paths[n % 3].formatted(1 + n % ApiGenerations.ROWS));
            long generation = generation(answer);
            seen.add(new Seen(
                    begun, generation, answer.statusCode(), ApiGenerations.isRight(generation, answer.body())));
        }
        return null;
    }

    @Test
    void theProcessSaysAtOnceByWhichEpochItAnswers() {
        long epoch = ApiGenerations.number(database, "SELECT epoch FROM bo.serving");
        RunningApi.serve(database, NEW);
        Eventually.within(
                Duration.ofSeconds(5),
                "the new epoch is acknowledged",
                () -> ApiGenerations.number(database, "SELECT max(epoch) FROM bo.process") == epoch + 1);

        assertThat(generation(api.get("/admin/tx/TX-1"))).isEqualTo(NEW);
        assertThat(ApiGenerations.number(
                        database,
                        "SELECT count(*) FROM bo.process WHERE kind = 'API' AND build <> '' AND address = 'http://127.0.0.1:%d'"
                                .formatted(api.port())))
                .isOne();
    }

    @Test
    void anOrderlyEndRemovesTheProcessAndItsConnections() {
        api.close();

        assertThat(ApiGenerations.number(database, "SELECT count(*) FROM bo.process"))
                .isZero();
        Eventually.within(SOON, "no connection is left", () -> connections("%") == 0);
    }

    @Test
    void whileNothingServesLookupsAreRefusedForNowAndTheProcessIsReady() {
        ApiGenerations.execute(database, "UPDATE bo.serving SET generation = NULL, epoch = epoch + 1");
        Eventually.within(
                SOON, "nothing serves", () -> api.get("/admin/tx/TX-1").statusCode() == 503);

        for (String path : new String[] {"/admin/tx/TX-1", "/admin/search?q=TX", "/admin/open-pairs"}) {
            HttpResponse<String> answer = api.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(answer.body()).contains("no generation serves yet");
        }
        assertThat(api.get("/ready").statusCode()).isEqualTo(200);
        for (String path : new String[] {"/", "/pipeline", "/rebuilds", "/admin/rebuilds", "/admin/generations"}) {
            assertThat(api.get(path).statusCode()).as(path).isEqualTo(200);
        }
        assertThat(generation(api.get(
                        "/admin/tx/TX-1",
                        "X-Generation",
                        Long.toString(NEW),
                        "X-Actor-Roles",
                        "ADMIN_READ,ADMIN_OPERATE")))
                .isEqualTo(NEW);
    }

    @Test
    void aRetiredGenerationsConnectionsCloseOnceItsLastLookupHasEnded() throws Exception {
        try (Connection locker = database.connect();
                Statement lock = locker.createStatement()) {
            locker.setAutoCommit(false);
            lock.execute("LOCK TABLE ledger_entry IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<HttpResponse<String>> underWay =
                    CompletableFuture.supplyAsync(() -> api.get("/admin/tx/TX-1"));
            Eventually.within(SOON, "the lookup waits", () -> ApiGenerations.number(database, WAITING) > 0);
            RunningApi.serve(database, NEW);
            awaitAcknowledged(); // a lookup before that would wait for the lock, too
            ApiGenerations.state(database, OLD, "RETIRING");
            Eventually.within(SOON, "the new one answers", () -> generation(api.get("/admin/tx/TX-2")) == NEW);
            assertThat(connections("% lookup-" + OLD)).isPositive();
            assertThat(prepared(OLD)).isTrue();
            locker.rollback();

            HttpResponse<String> answer = underWay.get(20, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(ApiGenerations.isRight(generation(answer), answer.body()))
                    .isTrue();
        }
        Eventually.within(SOON, "its connections are closed", () -> connections("%-" + OLD) == 0 && !prepared(OLD));
        assertThat(api.get("/metrics").body()).doesNotContain(Long.toString(OLD), Long.toString(NEW));
    }

    @Test
    void aLookupThatARetirementCancelsIsAnsweredByWhatServes() throws Exception {
        try (Connection locker = database.connect();
                Statement lock = locker.createStatement()) {
            locker.setAutoCommit(false);
            lock.execute("LOCK TABLE ledger_entry IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<HttpResponse<String>> underWay =
                    CompletableFuture.supplyAsync(() -> api.get("/admin/tx/TX-1"));
            Eventually.within(SOON, "the lookup waits", () -> ApiGenerations.number(database, WAITING) > 0);
            RunningApi.serve(database, NEW);
            awaitAcknowledged();
            Eventually.within(SOON, "the new one answers", () -> generation(api.get("/admin/tx/TX-2")) == NEW);
            ApiGenerations.number(
                    database,
                    "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                            + " AND datname = current_database()");

            HttpResponse<String> answer = underWay.get(20, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(generation(answer)).isEqualTo(NEW);
            assertThat(answer.body()).contains("\"amount\":\"2.00\"");
            assertThat(Audited.of(api, "TX-1").generation()).isEqualTo(NEW);
        }
    }

    /** A lookup may wait as long as a test holds it up. */
    private static LookupApiSettings patient(LookupApiSettings settings) {
        LookupApiSettings.Database database = settings.database();
        return Changed.database(
                settings,
                new LookupApiSettings.Database(
                        database.jdbcUrl(),
                        database.user(),
                        database.password(),
                        database.poolSize(),
                        database.connectionTimeout(),
                        Duration.ofSeconds(20)));
    }

    public static long generation(HttpResponse<String> answer) {
        return answer.headers().firstValueAsLong("X-Generation").orElse(-1);
    }

    private void awaitAcknowledged() {
        String behind = "SELECT count(*) FROM bo.process p CROSS JOIN bo.serving s WHERE p.epoch < s.epoch";
        Eventually.within(SOON, "the switch is acknowledged", () -> ApiGenerations.number(database, behind) == 0);
    }

    private boolean prepared(long generation) {
        return ApiGenerations.number(
                        database,
                        "SELECT count(*) FROM bo.process WHERE prepared @> ARRAY[%d::bigint]".formatted(generation))
                > 0;
    }

    private long connections(String name) {
        return ApiGenerations.number(
                database,
                "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'txlookup-api" + name
                        + "' AND datname = current_database()");
    }
}
