package txlookup.apply.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static txlookup.apply.generation.ActGenerations.NEW;
import static txlookup.apply.generation.ActGenerations.OLD;
import static txlookup.apply.generation.ActGenerations.ORDER;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.apply.generation.Act.Outcome;

/** An order with the same key is the same act, and what waits for an operator's process is found by it. */
class ActRowsIT {
    private static final Act.Order KEYED = new Act.Order("kim", "a test", "key-1");

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
    void theSameKeyIsTheSameSwitch() throws Exception {
        store.compared(true, 0);
        Act first = store.switching(connection).switchTo(NEW, 100, KEYED, null);
        store.switching(connection).rollBack(ORDER, false);
        Act second = store.switching(connection).switchTo(NEW, 100, KEYED, null);
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.outcome()).isEqualTo(Outcome.DONE);
        assertThat(store.serving().generation()).as("no second act").isEqualTo(OLD);
    }

    @Test
    void aRefusalIsRepeatedToo() throws Exception {
        assertThatThrownBy(() -> store.switching(connection).switchTo(NEW, 100, KEYED, null))
                .isInstanceOf(RefusedActException.class)
                .hasMessageContaining("never compared");
        store.compared(true, 0);
        assertThatThrownBy(() -> store.switching(connection).switchTo(NEW, 100, KEYED, null))
                .isInstanceOf(RefusedActException.class)
                .hasMessageContaining("never compared");
        assertThat(store.query("SELECT count(*) FROM bo.act")).containsExactly("1");
    }

    @Test
    void aKeyOfAnotherOrderIsRefusedAndADayLaterItIsNew() throws Exception {
        store.compared(true, 0);
        store.switching(connection).switchTo(NEW, 10, KEYED, null);
        assertThatThrownBy(() -> store.switching(connection).switchTo(NEW, 100, KEYED, null))
                .isInstanceOf(RefusedActException.class)
                .hasMessageContaining("given with another order, act 1 (share)");
        assertThatThrownBy(() ->
                        store.switching(connection).switchTo(NEW, 10, new Act.Order("ann", "a test", "key-1"), null))
                .isInstanceOf(RefusedActException.class);
        store.execute("UPDATE bo.act SET requested_at = requested_at - interval '25 hours'");
        store.switching(connection).switchTo(NEW, 100, KEYED, null);
        assertThat(store.serving().generation()).isEqualTo(NEW);
    }

    @Test
    void theSameKeyIsTheSameWayBack() throws Exception {
        store.compared(true, 0);
        store.switching(connection).switchTo(NEW, 100, ORDER, null);
        Act first = store.switching(connection).rollBack(KEYED, false);
        assertThat(store.switching(connection).rollBack(KEYED, false).id()).isEqualTo(first.id());
    }

    @Test
    void rebuildsAndRetirementsWaitForWhoMayDoThem() throws Exception {
        Acts acts = new Acts(connection);
        Act rebuild = acts.orderRebuild(KEYED);
        assertThatThrownBy(() -> acts.orderRetirement(OLD, ORDER, false, ActGenerations.SETTINGS))
                .isInstanceOf(RefusedActException.class)
                .hasMessageContaining("serves");
        Act retirement = acts.orderRetirement(NEW, new Act.Order("ann", null, "key-2"), true, ActGenerations.SETTINGS);
        assertThat(acts.orderRebuild(new Act.Order("ben", null, "key-3")).id())
                .as("one is under way already")
                .isEqualTo(rebuild.id());
        assertThat(acts.waiting()).extracting(Act::id).containsExactly(rebuild.id(), retirement.id());
        assertThat(acts.waiting().get(1).bounds().early()).isTrue();

        acts.end(rebuild, Outcome.DONE, "generation 3 is READY");

        assertThat(acts.waiting()).extracting(Act::id).containsExactly(retirement.id());
        assertThat(acts.find(rebuild.id()).orElseThrow().detail()).isEqualTo("generation 3 is READY");
        assertThat(acts.newest(1)).extracting(Act::id).containsExactly(retirement.id());
    }

    @Test
    void saysWhatIsInTheWayBeforeItIsOrdered() throws Exception {
        assertThat(store.switching(connection).whyNot(OLD)).contains("it serves");
        assertThat(store.switching(connection).whyNot(NEW))
                .hasValueSatisfying(why -> assertThat(why).contains("never compared"));
        store.compared(true, 0);
        assertThat(store.switching(connection).whyNot(NEW)).isEmpty();
        assertThat(store.switching(connection).whyNotBack())
                .hasValueSatisfying(why -> assertThat(why).contains("no way back"));
        store.switching(connection).switchTo(NEW, 100, ORDER, null);
        assertThat(store.switching(connection).whyNotBack()).isEmpty();
        assertThat(Retirable.whyNot(connection, ActGenerations.SETTINGS, OLD, false))
                .hasValueSatisfying(why -> assertThat(why).contains("is the way back until"));
        assertThat(Retirable.whyNot(connection, ActGenerations.SETTINGS, OLD, true))
                .isEmpty();
        store.execute("INSERT INTO bo.act (kind, target, actor) VALUES ('REPLAY', %d, 'kim')".formatted(OLD));
        assertThat(store.switching(connection).whyNotBack())
                .hasValueSatisfying(why -> assertThat(why).contains("replay"));
    }
}
