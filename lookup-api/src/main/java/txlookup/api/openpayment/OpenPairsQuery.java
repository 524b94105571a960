package txlookup.api.openpayment;

import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import txlookup.api.web.Cursor;
import txlookup.api.web.CursorSigner;
import txlookup.api.web.ProblemException;
import txlookup.api.web.QueryParameters;

/**
 * Which open payments are asked for.
 *
 * @param olderThan how old the oldest leg is at least
 * @param merchantName of its order, exactly
 * @param amount of the oldest leg, by value
 */
public record OpenPairsQuery(
        Duration olderThan,
        Optional<String> merchantName,
        Optional<BigDecimal> amount,
        boolean newestFirst,
        int limit,
        Optional<Cursor> after) {
    /** What a cursor of the whole list is signed for. How old is no part of it: it moves while one reads. */
    private static final String LIST = "open-pairs";

    private static final Duration USUAL = Duration.ofMinutes(10);

    /** @throws ProblemException 400, naming the parameter that is wrong */
    public static OpenPairsQuery of(HttpServletRequest request, CursorSigner cursors) {
        QueryParameters parameters = new QueryParameters(request);
        return of(parameters, parameters.duration("older_than").orElse(USUAL), parameters.limit(), cursors);
    }

    /** As {@link #of(HttpServletRequest, CursorSigner)}, with another notation of age and length. */
    public static OpenPairsQuery of(QueryParameters parameters, Duration olderThan, int limit, CursorSigner cursors) {
        boolean newestFirst = parameters
                .text("order")
                .map(order -> switch (order) {
                    case "oldest" -> false;
                    case "newest" -> true;
                    default ->
                        throw ProblemException.badParameter("order", "wanted oldest or newest, saw '" + order + "'");
                })
                .orElse(false);
        OpenPairsQuery first = new OpenPairsQuery(
                olderThan,
                parameters.text("merchant_name"),
                parameters.amount("amount"),
                newestFirst,
                limit,
                Optional.empty());
        return first.after(parameters.text("cursor").map(text -> cursors.verify(text, first.scope())
                .orElseThrow(() -> ProblemException.badParameter(
                        "cursor", "not a next_cursor of this list; start again without it"))));
    }

    OpenPairsQuery after(Optional<Cursor> cursor) {
        return new OpenPairsQuery(olderThan, merchantName, amount, newestFirst, limit, cursor);
    }

    OpenPairsQuery ofLength(int length) {
        return new OpenPairsQuery(olderThan, merchantName, amount, newestFirst, length, after);
    }

    List<String> scope() {
        List<String> scope = new ArrayList<>(List.of(LIST));
        merchantName.ifPresent(name -> scope.add("merchant_name=" + name));
        amount.ifPresent(
                value -> scope.add("amount=" + value.stripTrailingZeros().toPlainString()));
        if (newestFirst) {
            scope.add("newest");
        }
        return scope;
    }
}
