package txlookup.api.web;

import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The parameters of a query, read and checked. One without a value counts as absent; one that is wrong is answered with
 * 400, naming it.
 */
public record QueryParameters(HttpServletRequest request) {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MOST = 100;

    /** Times from and to, both inclusive. */
    public record Range(Optional<Instant> from, Optional<Instant> to) {}

    public Range range() {
        Optional<Instant> from = time("from");
        Optional<Instant> to = time("to");
        if (from.isPresent() && to.isPresent() && from.get().isAfter(to.get())) {
            throw ProblemException.badParameter("from", "%s is after to, %s".formatted(from.get(), to.get()));
        }
        return new Range(from, to);
    }

    /** An ISO 8601 duration such as PT10M, not negative. */
    public Optional<Duration> duration(String name) {
        return text(name).map(text -> {
            try {
                Duration duration = Duration.parse(text);
                if (!duration.isNegative() && duration.compareTo(Duration.ofDays(36_525)) <= 0) {
                    return duration;
                }
            } catch (DateTimeException e) {
                // said below, with what was wanted
            }
            throw ProblemException.badParameter(name, "wanted an ISO 8601 duration such as PT10M, saw '" + text + "'");
        });
    }

    /** A decimal number, of which the value counts. */
    public Optional<BigDecimal> amount(String name) {
        return text(name).map(text -> {
            if (!text.matches("[+-]?[0-9]{1,100}([.][0-9]{1,100})?")) {
                throw ProblemException.badParameter(
                        name, "wanted a decimal number such as 10000.00, saw '" + text + "'");
            }
            return new BigDecimal(text);
        });
    }

    public Optional<Instant> time(String name) {
        return text(name).map(text -> TimeParameter.parse(text)
                .orElseThrow(() -> ProblemException.badParameter(
                        name, "wanted an ISO 8601 date and time such as 2026-02-05T01:00:00Z, saw '" + text + "'")));
    }

    public int limit() {
        return text("limit")
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

    public static long number(String name, String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw ProblemException.badParameter(name, "wanted a whole number, saw '" + text + "'");
        }
        return Long.parseLong(text);
    }

    public Optional<String> text(String name) {
        String[] values = request.getParameterValues(name);
        if (values == null) {
            return Optional.empty();
        }
        if (values.length > 1) {
            throw ProblemException.badParameter(name, "given " + values.length + " times; give it once");
        }
        if (values[0].indexOf('\0') >= 0) {
            throw ProblemException.badParameter(name, "holds a NUL character, which no id and no filter does");
        }
        return Optional.of(values[0].strip()).filter(value -> !value.isEmpty());
    }
}
