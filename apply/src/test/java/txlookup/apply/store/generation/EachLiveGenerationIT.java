package txlookup.apply.store.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static txlookup.apply.store.batch.StoreFixture.CUTOVER;
import static txlookup.apply.store.batch.StoreFixture.GENERATION;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.Entity;
import txlookup.apply.replay.OrderRunner;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.batch.StoreFixture;
import txlookup.apply.store.deadletter.DeadLetterOrder;
import txlookup.apply.store.deadletter.DeadLetterRun;
import txlookup.apply.store.deadletter.DeadLetterRuns;
import txlookup.apply.store.deadletter.DeadLetterSelection;
import txlookup.apply.store.position.Source;
import txlookup.migrations.Migrations;
import txlookup.profiles.events.EventProfiles;

/** What people order about dead letters holds in each generation that takes events, so that no switch undoes it. */
class EachLiveGenerationIT {
    private static final long BESIDE = 20260206010000L;
    private static final String TOPIC = "ledger.entry.upserted";
    private static final String ACTS = "SELECT kind, target, actor, outcome FROM bo.act ORDER BY target";

    private StoreFixture fixture;
    private HikariDataSource beside;
    private DeadLetterRuns here;
    private DeadLetterRuns there;

    @BeforeEach
    void open() throws Exception {
        fixture = new StoreFixture();
        beside = fixture.connectionsOf(BESIDE);
        Migrations.ofGeneration(fixture.connections, BESIDE).toHead();
        fixture.registry.plan(StoreFixture.generation(BESIDE));
        fixture.execute("UPDATE bo.generation SET state = 'READY'");
        here = new DeadLetterRuns(fixture.connections);
        there = new DeadLetterRuns(beside);
        // One more there, so that the same record has another number.
        setAside(beside, 6, 7, 8, 9);
        setAside(fixture.connections, 7, 8, 9);
    }

    @AfterEach
    void close() {
        beside.close();
        fixture.close();
    }

    @Test
    void aReplayOfSomeIsCarriedOutInBoth() throws Exception {
        DeadLetterRun run = here.begin(
                DeadLetterOrder.replay(new DeadLetterSelection(List.of(2L), null, null), "ann"), "this process");
        assertThat(fixture.query(ACTS))
                .containsExactly("REPLAY %d ann null".formatted(GENERATION), "REPLAY %d ann null".formatted(BESIDE));

        carryOut(fixture.connections, here, run);
        assertThat(fixture.query(ACTS))
                .containsExactly("REPLAY %d ann DONE".formatted(GENERATION), "REPLAY %d ann null".formatted(BESIDE));
        carryOut(beside, there, there.take("its consumer").orElseThrow());

        assertThat(fixture.query(ACTS))
                .containsExactly("REPLAY %d ann DONE".formatted(GENERATION), "REPLAY %d ann DONE".formatted(BESIDE));
        for (long generation : List.of(GENERATION, BESIDE)) {
            assertThat(fixture.query(
                            "SELECT position, state FROM g%d.dead_letter ORDER BY position".formatted(generation)))
                    .contains("7 OPEN", "8 RESOLVED", "9 OPEN");
            assertThat(fixture.query("SELECT tx_id FROM g%d.ledger_entry".formatted(generation)))
                    .containsExactly("tx-8");
        }
    }

    @Test
    void aDiscardOfAReasonIsCarriedOutInBoth() throws Exception {
        DeadLetterSelection late = new DeadLetterSelection(List.of(), "future_timestamp", null);
        carryOut(
                fixture.connections,
                here,
                here.begin(DeadLetterOrder.discard(late, "ann", "a load test"), "this process"));
        carryOut(beside, there, there.take("its consumer").orElseThrow());
        assertThat(fixture.query("SELECT DISTINCT state, note FROM g%d.dead_letter".formatted(BESIDE)))
                .containsExactly("DISCARDED a load test");
    }

    @Test
    void nothingIsOrderedWhereNoEventsAreTakenOrTheRecordsAreNotOrToTryItOut() throws Exception {
        here.begin(DeadLetterOrder.trial(DeadLetterSelection.all(), "ann"), "this process");
        assertThat(fixture.query(ACTS)).isEmpty();

        there.order(DeadLetterOrder.discard(new DeadLetterSelection(List.of(1L), null, null), "ann", "why"));
        assertThat(fixture.query(ACTS)).containsExactly("DISCARD %d ann null".formatted(BESIDE));

        fixture.execute("UPDATE bo.generation SET state = 'RETIRING' WHERE generation = " + BESIDE);
        here.order(DeadLetterOrder.replay(DeadLetterSelection.all(), "ben"));
        assertThat(fixture.query(ACTS)).first().isEqualTo("REPLAY %d ben null".formatted(GENERATION));
    }

    private void carryOut(HikariDataSource connections, DeadLetterRuns runs, DeadLetterRun run) throws Exception {
        Decoder decoder = new Decoder(EventProfiles.load("canonical-v1"), Duration.ofDays(1), Clock.systemUTC());
        new OrderRunner(connections, runs, decoder, Map.of(TOPIC, Entity.LEDGER_ENTRY)).carryOut(run, done -> {});
    }

    private static void setAside(HikariDataSource connections, int... positions) throws SQLException {
        Source source = new Source(Source.Kind.STREAM, TOPIC, 0);
        new Store(connections).register(source, null, null, 0, CUTOVER);
        try (Connection connection = connections.getConnection();
                PreparedStatement statement = connection.prepareStatement("""
                        INSERT INTO dead_letter (source_id, position, record_time, reason, detail, record_value)
                        SELECT source_id, ?, now(), 'future_timestamp', 'as the test says', convert_to(?, 'UTF8')
                        FROM coverage WHERE kind = 'STREAM'""")) {
            for (int position : positions) {
                statement.setLong(1, position);
                statement.setString(2, """
                        {"tx_id":"tx-%d","wallet_id":"w","entry_type":"PAYMENT","amount":"1.00",\
                        "event_time":"2026-02-05T01:00:00Z","version":1}""".formatted(position));
                statement.executeUpdate();
            }
            connection.commit();
        }
    }
}
