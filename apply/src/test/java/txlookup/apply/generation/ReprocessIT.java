package txlookup.apply.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static txlookup.apply.generation.ActGenerations.NEW;
import static txlookup.apply.generation.ActGenerations.OLD;
import static txlookup.apply.generation.ActGenerations.ORDER;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.apply.generation.Reprocess.Move;
import txlookup.apply.generation.Reprocess.Position;

/** Positions go back under a new epoch, of a generation that nobody reads and nobody applies to. */
class ReprocessIT {
    private static final Instant FROM = Instant.parse("2026-02-05T00:30:00Z");
    private static final String COVERAGE =
            "SELECT start_position, next_position, read_again, epoch FROM g%d.coverage".formatted(NEW);

    private ActGenerations store;
    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        store = new ActGenerations();
        connection = store.connect();
        store.execute("UPDATE g%d.coverage SET start_position = 10".formatted(NEW));
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        store.close();
    }

    @Test
    void thePositionGoesBackAndWhatIsCountedTwiceIsNoted() throws Exception {
        Reprocess reprocess = new Reprocess(connection);
        assertThat(reprocess.positions(NEW)).containsExactly(new Position("ledger", 0, 10, 100));

        Act act = reprocess.move(NEW, moves(4, 90), FROM, ORDER);

        assertThat(act.detail()).isEqualTo("90 records since 2026-02-05T00:30:00Z are read again, in 1 partitions");
        assertThat(store.query(COVERAGE)).containsExactly("4 4 90 1");
        assertThat(store.query("SELECT kind, target, outcome FROM bo.act"))
                .containsExactly("REPROCESS %d DONE".formatted(NEW));
    }

    @Test
    void aPositionThatMovedMeanwhileChangesNothing() throws Exception {
        List<Move> moves = moves(4, 90);
        store.execute("UPDATE g%d.coverage SET next_position = 101".formatted(NEW));
        assertThatThrownBy(() -> new Reprocess(connection).move(NEW, moves, FROM, ORDER))
                .isInstanceOf(RefusedActException.class)
                .hasMessageContaining("ledger-0 was moved meanwhile");
        assertThat(store.query(COVERAGE)).containsExactly("10 101 0 0");
        assertThat(store.query("SELECT count(*) FROM bo.act")).containsExactly("0");
    }

    @Test
    void isRefusedForWhatServesIsOnTrialOrIsConsumed() throws Exception {
        refused(OLD, "serves, and would answer from the past");
        refused(1, "there is no generation 1");
        store.execute("""
                INSERT INTO bo.process (process_id, kind, address, generation, build)
                VALUES ('c', 'CONSUMER', 'here:1', %d, 'test')""".formatted(NEW));
        refused(NEW, "a consumer of generation %d runs, at here:1".formatted(NEW));
        store.execute("UPDATE bo.process SET heartbeat_at = now() - interval '6 s'");
        new Reprocess(connection).positions(NEW);
        store.execute("UPDATE bo.serving SET candidate = %d, share = 10".formatted(NEW));
        refused(NEW, "answers 10 % of the lookups");
        store.execute("UPDATE bo.serving SET candidate = NULL, share = 0");
        store.execute("UPDATE bo.generation SET state = 'RETIRING' WHERE generation = " + NEW);
        refused(NEW, "is RETIRING and takes no events");
    }

    private static List<Move> moves(long to, long records) {
        return List.of(new Move(new Position("ledger", 0, 10, 100), to, records));
    }

    private void refused(long generation, String because) throws SQLException {
        assertThatThrownBy(() -> new Reprocess(connection).positions(generation))
                .isInstanceOf(RefusedActException.class)
                .hasMessageContaining(because);
    }
}
