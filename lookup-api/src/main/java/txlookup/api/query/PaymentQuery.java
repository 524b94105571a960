package txlookup.api.query;

import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import txlookup.api.web.ProblemException;
import txlookup.api.web.QueryParameters;

/**
 * A search for payments by what a customer knows. One of the fields leads: its index is read, and the others filter what it
 * gives.
 *
 * @param q beginning of the id
 * @param merchantName beginning of the name
 * @param amount by value
 * @param counterparty the other side's wallet
 */
public record PaymentQuery(
        Optional<String> q,
        Optional<String> userId,
        Optional<String> merchantName,
        Optional<BigDecimal> amount,
        Optional<String> walletId,
        Optional<String> counterparty,
        Optional<Instant> from,
        Optional<Instant> to,
        Optional<StatusGroup> statusGroup,
        int limit,
        Optional<String> cursor) {
    private static final Duration LONGEST_WINDOW = Duration.ofDays(31);

    private static final List<String> FIELDS = List.of(
            "user_id", "merchant_name", "amount", "wallet_id", "counterparty", "from", "to", "status_group", "cursor");

    /** The field whose index is read. */
    enum Leading {
        USER,
        WALLET,
        MERCHANT,
        AMOUNT
    }

    /** Whether a request asks for payments by a field, and not only for ids. */
    public static boolean isAsked(HttpServletRequest request) {
        QueryParameters parameters = new QueryParameters(request);
        return FIELDS.stream().anyMatch(field -> parameters.text(field).isPresent());
    }

    /** What the audit names: the fields as they were given. */
    public static String named(HttpServletRequest request) {
        QueryParameters parameters = new QueryParameters(request);
        Map<String, String> given = new TreeMap<>();
        for (String field : FIELDS) {
            if (!field.equals("cursor")) {
                parameters.text(field).ifPresent(value -> given.put(field, value));
            }
        }
        parameters.text("q").ifPresent(value -> given.put("q", value));
        List<String> pairs = new ArrayList<>();
        given.forEach((name, value) -> pairs.add(name + "=" + value));
        return String.join(" ", pairs);
    }

    /** @throws ProblemException 400, naming the parameter that is wrong, or what an index serves */
    public static PaymentQuery of(HttpServletRequest request) {
        QueryParameters parameters = new QueryParameters(request);
        return of(parameters, parameters.limit());
    }

    /** As {@link #of(HttpServletRequest)}, with another limit. */
    public static PaymentQuery of(QueryParameters parameters, int limit) {
        QueryParameters.Range window = parameters.range();
        if (window.from().isPresent()
                && window.to().isPresent()
                && Duration.between(window.from().get(), window.to().get()).compareTo(LONGEST_WINDOW) > 0) {
            throw ProblemException.badParameter("from", "the window from from to to is longer than 31 days");
        }
        PaymentQuery query = new PaymentQuery(
                parameters.text("q"),
                parameters.text("user_id"),
                parameters.text("merchant_name"),
                parameters.amount("amount"),
                parameters.text("wallet_id"),
                parameters.text("counterparty"),
                window.from(),
                window.to(),
                statusGroup(parameters),
                limit,
                parameters.text("cursor"));
        query.leading();
        return query;
    }

    /** @throws ProblemException 400 for a group that is none */
    public static Optional<StatusGroup> statusGroup(QueryParameters parameters) {
        return parameters.text("status_group").map(PaymentQuery::statusGroup);
    }

    private static StatusGroup statusGroup(String text) {
        try {
            return StatusGroup.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw ProblemException.badParameter(
                    "status_group", "wanted SUCCESS, FAIL, IN_PROGRESS or UNKNOWN, saw '" + text + "'");
        }
    }

    Leading leading() {
        if (userId.isPresent()) {
            return Leading.USER;
        }
        if (walletId.isPresent()) {
            return Leading.WALLET;
        }
        if (merchantName.isPresent()) {
            return Leading.MERCHANT;
        }
        if (amount.isPresent() && from.isPresent() && to.isPresent()) {
            return Leading.AMOUNT;
        }
        throw ProblemException.badParameter(
                "search",
                "no index serves this; give at least one of user_id, wallet_id, merchant_name, or amount with from and to");
    }

    /** What a cursor of this search is signed for. */
    List<String> scope() {
        return List.of(
                "payments",
                q.orElse(""),
                userId.orElse(""),
                merchantName.orElse(""),
                amount.map(value -> value.stripTrailingZeros().toPlainString()).orElse(""),
                walletId.orElse(""),
                counterparty.orElse(""),
                from.map(Instant::toString).orElse(""),
                to.map(Instant::toString).orElse(""),
                statusGroup.map(Enum::name).orElse(""));
    }

    boolean isOfStatus(StatusGroup group) {
        return statusGroup.isEmpty() || statusGroup.get() == group;
    }

    boolean isOfAmount(String stored) {
        return amount.isEmpty() || amount.get().compareTo(new BigDecimal(stored)) == 0;
    }

    boolean isOfMerchant(@Nullable String name) {
        return merchantName.isEmpty() || (name != null && name.startsWith(merchantName.get()));
    }

    boolean isOfId(String id) {
        return q.isEmpty() || id.startsWith(q.get());
    }
}
