package txlookup.apply.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static txlookup.apply.generation.ActGenerations.EVIDENCE;
import static txlookup.apply.generation.ActGenerations.NEW;
import static txlookup.apply.generation.ActGenerations.OLD;
import static txlookup.apply.generation.ActGenerations.ORDER;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What serves changes as a whole, when it may, and comes back. */
class SwitchIT {
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
    void switchesToAGenerationThatWasComparedAndKeepsTheWayBack() throws Exception {
        store.compared(true, 0);
        Act act = store.switching(connection).switchTo(NEW, 100, ORDER, null);
        assertThat(act.outcome()).isEqualTo(Act.Outcome.DONE);
        assertThat(store.serving())
                .extracting(Serving::generation, Serving::wayBack, Serving::candidate, Serving::epoch)
                .containsExactly(NEW, OLD, null, 1L);
        assertThat(store.query("SELECT generation, state FROM bo.generations ORDER BY 1"))
                .containsExactly(OLD + " DRAINING", NEW + " ACTIVE");
        assertThat(store.query("SELECT kind, target, actor, reason, epoch_before, epoch_after, outcome FROM bo.act"))
                .containsExactly("SWITCH %d kim a test 0 1 DONE".formatted(NEW));
    }

    @Test
    void takesASwitchBack() throws Exception {
        store.compared(true, 0);
        store.switching(connection).switchTo(NEW, 100, ORDER, null);
        store.switching(connection).rollBack(ORDER, false);
        assertThat(store.serving())
                .extracting(Serving::generation, Serving::wayBack, Serving::epoch)
                .containsExactly(OLD, null, 2L);
        assertThatThrownBy(() -> store.switching(connection).rollBack(ORDER, false))
                .isInstanceOf(RefusedActException.class)
                .hasMessageContaining("no way back");
    }

    @Test
    void sharesLookupsAndTakesThemBack() throws Exception {
        store.compared(true, 0);
        store.switching(connection).switchTo(NEW, 10, ORDER, null);
        store.switching(connection).switchTo(NEW, 50, ORDER, null);
        assertThat(store.serving())
                .extracting(Serving::generation, Serving::candidate, Serving::share)
                .containsExactly(OLD, NEW, 50);
        store.switching(connection).rollBack(ORDER, false);
        assertThat(store.serving())
                .extracting(Serving::generation, Serving::candidate, Serving::share)
                .containsExactly(OLD, null, 0);
    }

    @Test
    void isRefusedWithoutAComparisonThatPassed() throws SQLException {
        refused("never compared");
        store.compared(false, 1);
        refused("differs from generation " + OLD + " in 1 rows, such as tx-1, tx-2;");
        store.compared(true, 0);
        store.execute("UPDATE g%d.verification SET verified_at = now() - interval '2 hours'".formatted(NEW));
        refused("older than 60 min");
        assertThat(store.serving().generation()).isEqualTo(OLD);
        assertThat(store.query("SELECT DISTINCT outcome FROM bo.act")).containsExactly("REFUSED");
    }

    @Test
    void acceptsDifferencesThatPeopleAccept() throws Exception {
        store.compared(false, 1);
        assertThatThrownBy(() -> store.switching(connection).switchTo(NEW, 100, ORDER, "those of another evidence"))
                .isInstanceOf(RefusedActException.class)
                .hasMessageContaining("the evidence of that is " + EVIDENCE);
        store.switching(connection).switchTo(NEW, 10, ORDER, EVIDENCE);
        store.process("one", 1, OLD + "," + NEW);
        store.execute("UPDATE bo.process SET shadow_differences = 3");
        assertThat(new Watch(Duration.ofSeconds(60), Duration.ofMillis(200)).look(connection, "one"))
                .as("differences that were accepted")
                .isEmpty();
        store.execute("DELETE FROM bo.process");
        store.switching(connection).switchTo(NEW, 100, ORDER, EVIDENCE);
        assertThat(store.serving().generation()).isEqualTo(NEW);
    }

    @Test
    void theWatchTakesBackWhatDiffersOrLags() throws Exception {
        store.compared(true, 0);
        store.switching(connection).switchTo(NEW, 10, ORDER, null);
        store.process("one", 1, OLD + "," + NEW);
        Watch watch = new Watch(Duration.ofSeconds(60), Duration.ofMillis(200));
        store.execute("UPDATE bo.process SET shadow_differences = 1");
        assertThat(watch.look(connection, "one"))
                .hasValueSatisfying(why -> assertThat(why).contains("1 answers differ"));
        store.execute("DELETE FROM bo.process");
        store.switching(connection).switchTo(NEW, 10, ORDER, null);
        store.process("one", 3, OLD + "," + NEW);
        store.execute("UPDATE bo.process SET shadow_differences = 0");
        store.position(OLD, 107);
        long start = System.nanoTime();
        Optional<String> why = Optional.empty();
        while (why.isEmpty()) {
            assertThat(System.nanoTime() - start)
                    .isLessThan(Duration.ofSeconds(20).toNanos());
            why = watch.look(connection, "one");
            Thread.sleep(200);
        }
        assertThat(why.get()).contains("lacks 7 records that generation " + OLD);
        assertThat(System.nanoTime() - start)
                .isGreaterThan(Duration.ofSeconds(9).toNanos());
        assertThat(store.serving().candidate()).isNull();
    }

    @Test
    void anotherOrderEndsTheOneThatWasKilled() throws Exception {
        store.compared(true, 0);
        store.execute("""
                INSERT INTO bo.act (kind, target, actor, parameters, epoch_before, epoch_after)
                VALUES ('SHARE', %d, 'kim', '{"share": 10}', 0, 1)""".formatted(NEW), """
                UPDATE bo.serving SET candidate = %d, share = 10, epoch = 1""".formatted(NEW));
        store.switching(connection).switchTo(NEW, 50, ORDER, null);
        assertThat(store.serving().share()).isEqualTo(50);
        assertThat(store.query("SELECT parameters ->> 'share', outcome FROM bo.act ORDER BY act_id"))
                .containsExactly("10 DONE", "50 DONE");
    }

    @Test
    void isRefusedWhileTheCandidateLacksWhatServesHas() throws SQLException {
        store.compared(true, 0);
        store.position(OLD, 107);
        refused("lacks 7 records of generation " + OLD);
    }

    @Test
    void isRefusedWhileAProcessIsNotPrepared() throws SQLException {
        store.compared(true, 0);
        CompletableFuture<Void> beats = beating("one", "" + OLD);
        refused("not prepared for generation " + NEW + " after 5 s: one:8080");
        beats.complete(null);
    }

    @Test
    void waitsUntilEachProcessConfirms() throws Exception {
        store.compared(true, 0);
        store.process("one", 0, OLD + "," + NEW);
        CompletableFuture<Long> confirmed = CompletableFuture.supplyAsync(() -> {
            try {
                while (store.serving().epoch() == 0) {
                    Thread.sleep(10);
                }
                Thread.sleep(700);
                long now = System.nanoTime();
                store.process("one", 1, OLD + "," + NEW);
                return now;
            } catch (SQLException | InterruptedException e) {
                throw new CompletionException(e);
            }
        });
        store.switching(connection).switchTo(NEW, 100, ORDER, null);
        assertThat(System.nanoTime()).isGreaterThan(confirmed.join());
    }

    @Test
    void completesWhatWasKilledAfterTheFlip() throws Exception {
        store.execute("""
                INSERT INTO bo.act (kind, target, actor, parameters, epoch_before, epoch_after)
                VALUES ('SWITCH', %d, 'kim', '{"share": 100}', 0, 1)""".formatted(NEW), """
                UPDATE bo.serving SET generation = %d, way_back = %d, epoch = 1""".formatted(NEW, OLD));
        store.switching(connection).switchTo(NEW, 100, ORDER, null);
        assertThat(store.query("SELECT outcome, detail FROM bo.act"))
                .containsExactly("DONE completed after an interruption");
        assertThat(store.serving().epoch()).isEqualTo(1);
    }

    @Test
    void completesARollbackThatWasKilledAfterTheFlip() throws Exception {
        store.execute("""
                INSERT INTO bo.act (kind, target, actor, epoch_before, epoch_after) VALUES ('ROLLBACK', %d, 'kim', 1, 2)""".formatted(OLD), "UPDATE bo.serving SET epoch = 2");
        store.switching(connection).rollBack(ORDER, false);
        assertThat(store.query("SELECT outcome FROM bo.act")).containsExactly("DONE");
        assertThat(store.serving().generation()).isEqualTo(OLD);
    }

    @Test
    void isRefusedForAGenerationThatIsNotReady() throws SQLException {
        store.execute("UPDATE bo.generation SET state = 'CATCHING_UP' WHERE generation = " + NEW);
        refused("is CATCHING_UP");
    }

    @Test
    void theWatchTakesAFailingTrialBack() throws Exception {
        store.compared(true, 0);
        store.switching(connection).switchTo(NEW, 10, ORDER, null);
        store.process("one", 1, OLD + "," + NEW);
        Watch watch = new Watch(Duration.ofSeconds(60), Duration.ofMillis(200));
        store.execute("UPDATE bo.process SET serving_lookups = 900, candidate_lookups = 15, candidate_errors = 15");
        assertThat(watch.look(connection, "one")).as("too few to be judged").isEmpty();
        store.execute("UPDATE bo.process SET candidate_lookups = 100, candidate_errors = 3");
        assertThat(watch.look(connection, "one"))
                .hasValueSatisfying(why -> assertThat(why).contains("3.0 %"));
        assertThat(store.serving())
                .extracting(Serving::candidate, Serving::share)
                .containsExactly(null, 0);
        assertThat(watch.look(connection, "one")).isEmpty();
        assertThat(store.query("SELECT kind, actor, outcome FROM bo.act WHERE kind = 'TAKE_BACK'"))
                .containsExactly("TAKE_BACK one DONE");
    }

    @Test
    void theWatchTakesAFailingSwitchBackWhileItIsNew() throws Exception {
        store.compared(true, 0);
        store.switching(connection).switchTo(NEW, 100, ORDER, null);
        store.process("one", 1, OLD + "," + NEW);
        store.execute("UPDATE bo.process SET serving_lookups = 100, serving_errors = 2");
        store.execute("UPDATE bo.serving SET since = since - interval '2 minutes'");
        Watch watch = new Watch(Duration.ofSeconds(60), Duration.ofMillis(200));
        assertThat(watch.look(connection, "one")).as("no longer new").isEmpty();
        store.execute("UPDATE bo.serving SET since = clock_timestamp()");
        assertThat(watch.look(connection, "one"))
                .hasValueSatisfying(why -> assertThat(why).contains("2.0 %"));
        assertThat(store.serving())
                .extracting(Serving::generation, Serving::wayBack)
                .containsExactly(OLD, null);
    }

    @Test
    void twoThatSwitchAtOnceLeaveOneServing() throws Exception {
        store.compared(true, 0);
        CompletableFuture<?>[] both = {switching(), switching()};
        for (CompletableFuture<?> one : both) {
            one.handle((done, failed) -> null).join();
        }
        assertThat(store.serving())
                .extracting(Serving::generation, Serving::wayBack, Serving::epoch)
                .containsExactly(NEW, OLD, 1L);
        assertThat(store.query("SELECT DISTINCT outcome FROM bo.act")).containsExactly("DONE");
    }

    private CompletableFuture<Void> switching() {
        return CompletableFuture.runAsync(() -> {
            try (Connection own = store.connect()) {
                store.switching(own).switchTo(NEW, 100, ORDER, null);
            } catch (SQLException | InterruptedException e) {
                throw new CompletionException(e);
            }
        });
    }

    private CompletableFuture<Void> beating(String name, String prepared) throws SQLException {
        CompletableFuture<Void> end = new CompletableFuture<>();
        store.process(name, 0, prepared);
        CompletableFuture.runAsync(() -> {
            while (!end.isDone()) {
                try {
                    store.process(name, 0, prepared);
                    Thread.sleep(500);
                } catch (SQLException | InterruptedException e) {
                    throw new CompletionException(e);
                }
            }
        });
        return end;
    }

    private void refused(String because) {
        assertThatThrownBy(() -> store.switching(connection).switchTo(NEW, 100, ORDER, null))
                .isInstanceOf(RefusedActException.class)
                .hasMessageContaining(because);
    }
}
