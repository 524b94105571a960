package txlookup.api.console.deadletter;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import txlookup.api.audit.Subject;
import txlookup.api.auth.Caller;
import txlookup.api.console.deadletter.DeadLetterOrders.Ordered;
import txlookup.api.generation.GenerationStore;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.lookup.AuditedRequests.Seen;
import txlookup.api.web.ProblemException;

/** Audits an act on dead letters twice: before it takes effect, and with what it came to, also where it failed. */
final class DeadLetterDesk {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterDesk.class);

    private final AuditedRequests desk;

    DeadLetterDesk(AuditedRequests desk) {
        this.desk = desk;
    }

    /** Whatever has to be right before an order counts as given; throws what the caller is answered. */
    @FunctionalInterface
    interface Check {
        void of(Caller caller);
    }

    /** What an order does. */
    @FunctionalInterface
    interface Order {
        Ordered give(Caller caller, GenerationStore generation) throws SQLException;
    }

    /** Where an order can be followed. */
    record Placed(long generation, long runId) {}

    private sealed interface Result {
        record Done(Placed placed) implements Result {}

        record Failed(ProblemException problem) implements Result {}
    }

    /** @throws ProblemException what the order failed with, once it is audited */
    Placed give(
            Subject subject,
            String id,
            HttpServletRequest request,
            HttpServletResponse response,
            Check check,
            Order order)
            throws SQLException {
        desk.inquire(subject.ordered(), id, request, response, (caller, generation) -> {
            check.of(caller);
            return new Seen<>(id, HttpStatus.ACCEPTED.value(), 1);
        });
        Result result = desk.inquire(subject, id, request, response, (caller, generation) -> {
            try {
                return seen(generation, order.give(caller, generation));
            } catch (ProblemException e) {
                return failed(e);
            } catch (SQLException e) {
                LOG.warn("An act on dead letters failed: {}", e.toString());
                return failed(ProblemException.unavailable(
                        "the store did not answer, so it is not known whether it was done", "act: " + e.getSQLState()));
            }
        });
        if (result instanceof Result.Failed failed) {
            throw failed.problem();
        }
        return ((Result.Done) result).placed();
    }

    private static Seen<Result> seen(GenerationStore generation, Ordered ordered) {
        Placed placed = new Placed(generation.generation(), ordered.runId());
        return new Seen<>(new Result.Done(placed), HttpStatus.SEE_OTHER.value(), Math.max(1, ordered.chosen()));
    }

    private static Seen<Result> failed(ProblemException problem) {
        return new Seen<>(new Result.Failed(problem), problem.problem().status(), 0);
    }
}
