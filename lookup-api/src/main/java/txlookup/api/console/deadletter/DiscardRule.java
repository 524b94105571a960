package txlookup.api.console.deadletter;

import java.sql.SQLException;
import txlookup.api.audit.Subject;
import txlookup.api.console.deadletter.DeadLetterOrders.Ordered;
import txlookup.api.console.deadletter.DeadLetterOrders.Placing;
import txlookup.api.generation.GenerationStore;

/**
 * How a discard is ordered here: at once, or for a second person to confirm.
 *
 * @param byTwo whether it takes two people
 */
public record DiscardRule(boolean byTwo) {
    Subject subject() {
        return byTwo ? Subject.DISCARD_PROPOSAL : Subject.DEAD_LETTER_DISCARD;
    }

    Ordered order(GenerationStore generation, DeadLetterFilter selection, Placing placing) throws SQLException {
        DeadLetterOrders orders = new DeadLetterOrders(generation.orders());
        return byTwo ? orders.propose(selection, placing) : orders.discard(selection, placing);
    }
}
