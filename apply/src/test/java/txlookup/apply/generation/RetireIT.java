package txlookup.apply.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static txlookup.apply.generation.ActGenerations.NEW;
import static txlookup.apply.generation.ActGenerations.OLD;
import static txlookup.apply.generation.ActGenerations.ORDER;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is retired is gone, and what people read or may go back to is never retired by mistake. */
class RetireIT {
    private final List<String> outside = new ArrayList<>();
    private ActGenerations store;
    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        store = new ActGenerations();
        connection = store.connect();
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        store.close();
    }

    @Test
    void leavesNothingOfAGeneration() throws Exception {
        String plain = store.query("SELECT count(*) FROM pg_tables WHERE schemaname = 'g%d'".formatted(OLD))
                .get(0);
        Act act = retire().retire(NEW, ORDER, false);
        assertThat(act.outcome()).isEqualTo(Act.Outcome.DONE);
        assertThat(act.detail()).contains(": %s tables dropped".formatted(plain));
        assertThat(store.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'g2%'"))
                .containsExactly("g" + OLD);
        assertThat(store.query("SELECT state FROM bo.generation WHERE generation = " + NEW))
                .containsExactly("RETIRED");
        assertThat(outside).containsExactly("consumer " + NEW, "group bo-sync-test-kim-v" + NEW);
    }

    @Test
    void refusesWhatServesAndTheWayBackWithinItsWindow() throws Exception {
        refused(OLD, false, "serves");
        store.compared(true, 0);
        store.switching(connection).switchTo(NEW, 100, ORDER, null);
        refused(OLD, false, "is the way back until");
        assertThat(store.query("SELECT state FROM bo.generation WHERE generation = " + OLD))
                .containsExactly("READY");
        retire().retire(OLD, ORDER, true);
        assertThat(store.serving())
                .extracting(Serving::generation, Serving::wayBack)
                .containsExactly(NEW, null);
    }

    @Test
    void refusesWhatAnswersAShare() throws Exception {
        store.compared(true, 0);
        store.switching(connection).switchTo(NEW, 10, ORDER, null);
        refused(NEW, true, "answers 10 %");
    }

    @Test
    void continuesWhatWasKilled() throws Exception {
        Retire.Outside failing = new Retire.Outside() {
            @Override
            public void stopConsumer(long generation) {}

            @Override
            public void keepUnsettled(long generation) {}

            @Override
            public void deleteGroup(String group) {
                throw new IllegalStateException("the broker is away");
            }
        };
        assertThatThrownBy(() ->
                        new Retire(connection, ActGenerations.SETTINGS, failing, line -> {}).retire(NEW, ORDER, false))
                .hasMessageContaining("the broker is away");
        assertThat(store.query("SELECT state FROM bo.generation WHERE generation = " + NEW))
                .containsExactly("RETIRING");
        connection.rollback();
        retire().retire(NEW, ORDER, false);
        assertThat(store.query("SELECT kind, outcome FROM bo.act")).containsExactly("RETIRE DONE");
        assertThat(store.query("SELECT state FROM bo.generation WHERE generation = " + NEW))
                .containsExactly("RETIRED");
    }

    @Test
    void endsReadersThatDoNotEndByThemselves() throws Exception {
        try (Connection reader = store.connect();
                Statement statement = reader.createStatement()) {
            Thread reading = new Thread(() -> {
                try {
                    statement.execute("SELECT pg_sleep(60), count(*) FROM g%d.ledger_entry".formatted(NEW));
                } catch (SQLException e) {
                    outside.add(e.getSQLState());
                }
            });
            reading.start();
            while (store.query("SELECT 1 FROM pg_locks WHERE relation = 'g%d.ledger_entry'::regclass".formatted(NEW))
                    .isEmpty()) {
                Thread.sleep(20);
            }
            retire().retire(NEW, ORDER, false);
            reading.join();
        }
        assertThat(outside).contains("57014");
    }

    private void refused(long generation, boolean early, String because) {
        assertThatThrownBy(() -> retire().retire(generation, ORDER, early))
                .isInstanceOf(RefusedActException.class)
                .hasMessageContaining(because);
    }

    private Retire retire() throws SQLException {
        Retire.Outside noted = new Retire.Outside() {
            @Override
            public void stopConsumer(long generation) {
                outside.add("consumer " + generation);
            }

            @Override
            public void keepUnsettled(long generation) {}

            @Override
            public void deleteGroup(String group) {
                outside.add("group " + group);
            }
        };
        return new Retire(connection, ActGenerations.SETTINGS, noted, line -> {});
    }
}
