package txlookup.consumer.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static txlookup.consumer.ConsumerFixture.GENERATION;
import static txlookup.consumer.ConsumerFixture.eventually;

import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import txlookup.apply.store.generation.Generation.State;
import txlookup.consumer.ConsumerFixture;
import txlookup.consumer.RunningProcess;

/** A consumer lives as long as its generation takes events: it waits for the begin, and ends in order at the end. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@Tag("nightly")
class GenerationWatchIT {
    private static final String STATE = "UPDATE bo.generation SET state = '%s'";
    private static final String CONSUMED = "SELECT sum(consumed) FROM coverage";
    private static final String PROCESSES = "SELECT count(*) FROM bo.process";
    private static final String HEARTBEAT = "SELECT heartbeat_at FROM bo.process";

    private static final String WAITING =
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%bo.process%' AND wait_event_type = 'Lock' AND datname = current_database()";

    private ConsumerFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new ConsumerFixture();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"PLANNED", "MIGRATED", "ANCHORED", "BACKFILLING"})
    void waitsWhileItsGenerationTakesNoEventsYet(State early) throws Exception {
        state(early);
        try (RunningProcess consumer = new RunningProcess(fixture, GENERATION)) {
            fixture.publishEntries(0, 10);
            String reason =
                    "generation %d is %s: its events are applied from CATCHING_UP on".formatted(GENERATION, early);
            eventually("/ready says why", () -> asked("/ready").equals("503 " + reason + "\n"));
            assertThat(asked("/health")).isEqualTo("200 alive\n");
            assertThat(fixture.one(CONSUMED)).isEqualTo("0");
            state(State.CATCHING_UP);
            eventually("applied", () -> "10".equals(fixture.one(CONSUMED)));
            eventually("ready", () -> asked("/ready").startsWith("200 ready\n"));
            assertThat(consumer.hasEnded()).isFalse();
        }
    }

    @Test
    void waitsBeforeItsSchemaIsThere() throws Exception {
        state(State.PLANNED);
        fixture.execute("ALTER SCHEMA g%1$d RENAME TO not_yet".formatted(GENERATION));
        try (RunningProcess consumer = new RunningProcess(fixture, GENERATION)) {
            eventually("waits", () -> asked("/ready").contains("is PLANNED"));
            fixture.execute("ALTER SCHEMA not_yet RENAME TO g%1$d".formatted(GENERATION));
            state(State.CATCHING_UP);
            fixture.publishEntries(0, 10);
            eventually("applied", () -> "10".equals(fixture.one(CONSUMED)));
            assertThat(consumer.hasEnded()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RETIRING", "RETIRED", "FAILED"})
    void endsInOrderWhenItsGenerationDoes(State last) throws Exception {
        try (RunningProcess consumer = new RunningProcess(fixture, GENERATION)) {
            fixture.publishEntries(0, 10);
            eventually("applied", () -> "10".equals(fixture.one(CONSUMED)));
            state(last);
            consumer.awaitEnd();
        }
        assertThat(fixture.one(PROCESSES)).isEqualTo("0");
    }

    @ParameterizedTest
    @EnumSource(names = {"RETIRING", "RETIRED", "FAILED"})
    void endsAtOnceWhereItsGenerationHasEnded(State last) throws Exception {
        state(last);
        fixture.publishEntries(0, 10);
        try (RunningProcess consumer = new RunningProcess(fixture, GENERATION)) {
            consumer.awaitEnd();
        }
        assertThat(fixture.one(CONSUMED)).isEqualTo("0");
        assertThat(fixture.one(PROCESSES)).isEqualTo("0");
    }

    /** As after a process was frozen while its generation was retired: its batches fail before it hears of it. */
    @Test
    void endsInOrderWhereItsTablesAreGone() throws Exception {
        try (RunningProcess consumer = new RunningProcess(fixture, GENERATION);
                HikariDataSource other = fixture.pool(1);
                Connection connection = other.getConnection();
                Statement statement = connection.createStatement()) {
            fixture.publishEntries(0, 10);
            eventually("applied", () -> "10".equals(fixture.one(CONSUMED)));
            statement.execute("SELECT FROM bo.process FOR UPDATE");
            eventually("the heartbeat waits", () -> "1".equals(fixture.one(WAITING)));
            fixture.execute(STATE.formatted(State.RETIRED) + "; DROP SCHEMA g%d CASCADE".formatted(GENERATION));
            eventually("asks when applying failed", () -> consumer.hasEnded() || "2".equals(fixture.one(WAITING)));
            connection.rollback();
            consumer.awaitEnd();
        }
    }

    @Test
    void failsForAGenerationThatNobodyKnows() throws Exception {
        try (RunningProcess consumer = new RunningProcess(fixture, GENERATION + 1)) {
            assertThatThrownBy(consumer::awaitEnd)
                    .hasRootCauseMessage(
                            "Generation %d is not in the registry; run the backfill first", GENERATION + 1);
        }
    }

    @Test
    void saysEverySecondThatItLivesUntilItEnds() throws Exception {
        try (RunningProcess consumer = new RunningProcess(fixture, GENERATION)) {
            eventually("there", () -> "1".equals(fixture.one(PROCESSES)));
            assertThat(fixture.one("SELECT concat_ws(' ', kind, generation, build) FROM bo.process"))
                    .isEqualTo("CONSUMER " + GENERATION + " source tree");
            assertThat(asked("/health")).isEqualTo("200 alive\n");
            String first = fixture.one(HEARTBEAT);
            eventually("again", () -> !first.equals(fixture.one(HEARTBEAT)));
            fixture.execute("DELETE FROM bo.process");
            eventually("there again", () -> "1".equals(fixture.one(PROCESSES)));
            assertThat(consumer.hasEnded()).isFalse();
        }
        assertThat(fixture.one(PROCESSES)).isEqualTo("0");
    }

    @Test
    void livesWhileAllOfThePoolWaitsForALock() throws Exception {
        try (RunningProcess consumer = new RunningProcess(fixture, GENERATION);
                HikariDataSource other = fixture.pool(1);
                Connection connection = other.getConnection();
                Statement statement = connection.createStatement()) {
            eventually("there", () -> "1".equals(fixture.one(PROCESSES)));
            statement.execute("LOCK TABLE coverage, dead_letter_run");
            fixture.publishEntries(0, 10);
            Thread.sleep(3_000);
            String late = "SELECT clock_timestamp() - heartbeat_at < interval '2.5 s' FROM bo.process";
            assertThat(fixture.one(late)).isEqualTo("t");
            connection.rollback();
            eventually("applied", () -> "10".equals(fixture.one(CONSUMED)));
            assertThat(consumer.hasEnded()).isFalse();
        }
    }

    private void state(State state) throws Exception {
        fixture.execute(STATE.formatted(state));
    }

    /** Asks where the consumer's row says that it answers. */
    private String asked(String path) throws Exception {
        String address = fixture.one("SELECT address FROM bo.process");
        if (address == null) {
            return "no row";
        }
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://" + address + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }
}
