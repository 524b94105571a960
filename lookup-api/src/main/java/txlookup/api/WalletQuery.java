package txlookup.api;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Optional;

/** The query of a wallet's list, read and checked. A parameter without a value counts as absent. */
record WalletQuery(WalletRange range, int limit, Optional<Cursor> after) {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MOST = 100;

    /** @throws ProblemException 400, naming the parameter that is wrong */
    static WalletQuery of(String walletId, HttpServletRequest request, CursorSigner cursors) {
        Optional<Instant> from = time(request, "from");
        Optional<Instant> to = time(request, "to");
        if (from.isPresent() && to.isPresent() && from.get().isAfter(to.get())) {
            throw ProblemException.badParameter("from", "%s is after to, %s".formatted(from.get(), to.get()));
        }
        int limit = limit(request);
        WalletRange range = new WalletRange(walletId, from, to);
        Optional<Cursor> after = parameter(request, "cursor").map(text -> cursors.verify(text, range)
                .orElseThrow(() -> ProblemException.badParameter(
                        "cursor", "not a next_cursor of this wallet with this from and to; start again without it")));
        return new WalletQuery(range, limit, after);
    }

    private static Optional<Instant> time(HttpServletRequest request, String name) {
        return parameter(request, name).map(text -> TimeParameter.parse(text)
                .orElseThrow(() -> ProblemException.badParameter(
                        name, "wanted an ISO 8601 date and time such as 2026-02-05T01:00:00Z, saw '" + text + "'")));
    }

    private static int limit(HttpServletRequest request) {
        return parameter(request, "limit")
                .map(text -> {
                    int limit = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
                    if (limit < 1 || limit > MOST) {
                        throw ProblemException.badParameter(
                                "limit", "wanted a whole number from 1 to %d, saw '%s'".formatted(MOST, text));
                    }
                    return limit;
                })
                .orElse(DEFAULT_LIMIT);
    }

    private static Optional<String> parameter(HttpServletRequest request, String name) {
        String[] values = request.getParameterValues(name);
        if (values == null) {
            return Optional.empty();
        }
        if (values.length > 1) {
            throw ProblemException.badParameter(name, "given " + values.length + " times; give it once");
        }
        return Optional.of(values[0].strip()).filter(value -> !value.isEmpty());
    }
}
