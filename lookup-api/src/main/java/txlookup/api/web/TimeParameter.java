package txlookup.api.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times in a query, as docs/contract.md takes them in events: ISO 8601, an offset or none (then UTC). */
final class TimeParameter {
    // In a query an unencoded + is a space, and nothing but an offset's sign can stand in that place.
    private static final Pattern ISO_8601 =
            Pattern.compile("(?<date>\\d{4}-\\d{2}-\\d{2})[Tt ](?<time>\\d{2}:\\d{2}(:\\d{2}([.,]\\d{1,9})?)?)"
                    + "(?<offset>[Zz]|(?<sign>[+ -])(?<hours>\\d{2}):?(?<minutes>\\d{2})?)?");

    private TimeParameter() {}

    /** Cut to microseconds, as stored times are; empty for what is no such time. */
    static Optional<Instant> parse(String text) {
        Matcher matcher = ISO_8601.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            LocalDateTime local = LocalDateTime.parse(
                    matcher.group("date") + "T" + matcher.group("time").replace(',', '.'));
            Instant instant = local.toInstant(offset(matcher)).truncatedTo(ChronoUnit.MICROS);
            return local.getYear() == 0 ? Optional.empty() : Optional.of(instant);
        } catch (DateTimeException e) {
            return Optional.empty(); // the form is right, the value is not: month 13, offset of 40 hours
        }
    }

    private static ZoneOffset offset(Matcher matcher) {
        if (matcher.group("sign") == null) {
            return ZoneOffset.UTC;
        }
        String minutes = matcher.group("minutes");
        String sign = matcher.group("sign").replace(' ', '+');
        return ZoneOffset.of(sign + matcher.group("hours") + ":" + (minutes == null ? "00" : minutes));
    }
}
