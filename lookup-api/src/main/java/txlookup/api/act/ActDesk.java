package txlookup.api.act;

import jakarta.servlet.http.HttpServletRequest;
import java.sql.SQLException;
import org.springframework.http.HttpStatus;
import txlookup.api.audit.Subject;
import txlookup.api.auth.Caller;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.lookup.AuditedRequests.Seen;
import txlookup.api.web.Problem;
import txlookup.apply.generation.Act;
import txlookup.apply.generation.RefusedActException;

/** Admits who orders an act, and audits it twice: before it takes effect, and with what it came to. */
public final class ActDesk {
    private final AuditedRequests desk;

    /** @param desk admits and audits */
    public ActDesk(AuditedRequests desk) {
        this.desk = desk;
    }

    /** What an order does for a caller who may. */
    @FunctionalInterface
    public interface Order {
        Act give(Caller caller) throws SQLException, InterruptedException;
    }

    /** Whatever has to be right before an order counts as given; throws what the caller is answered. */
    @FunctionalInterface
    public interface Check {
        void of(Caller caller);
    }

    /** What an order came to. */
    public sealed interface Result permits Given, Refused {
        /** The answer's HTTP status. */
        int status();
    }

    /** It is done, or waits for who does it. */
    public record Given(Act act) implements Result {
        @Override
        public int status() {
            return act.outcome() == null ? HttpStatus.ACCEPTED.value() : HttpStatus.OK.value();
        }
    }

    /** It is not done, or nobody knows. */
    public record Refused(Problem problem) implements Result {
        @Override
        public int status() {
            return problem.status();
        }
    }

    /**
     * Gives an order once its caller may and it is audited that it is given.
     *
     * @throws txlookup.api.auth.DeniedException when the caller may not, which is audited too
     */
    public Result give(Subject subject, String id, HttpServletRequest request, Check check, Order order)
            throws SQLException {
        desk.inquireOfControl(subject.ordered(), id, request, caller -> {
            check.of(caller);
            return new Seen<>(id, HttpStatus.ACCEPTED.value(), 1);
        });
        return desk.inquireOfControl(subject, id, request, caller -> {
            Result result = result(order, caller);
            return new Seen<>(result, result.status(), result instanceof Given ? 1 : 0);
        });
    }

    private static Result result(Order order, Caller caller) {
        try {
            return new Given(order.give(caller));
        } catch (RefusedActException e) {
            return new Refused(Problem.of(HttpStatus.CONFLICT, String.valueOf(e.getMessage())));
        } catch (SQLException e) {
            return unknown("the database did not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unknown("the process is ending");
        }
    }

    private static Refused unknown(String why) {
        return new Refused(Problem.of(
                HttpStatus.SERVICE_UNAVAILABLE,
                why + ", so it is not known whether it was done; send it again with the same key, it continues"));
    }
}
