package txlookup.apply.decode;

import java.time.Instant;
import java.time.YearMonth;
import txlookup.apply.model.StorableTime;

/**
 * Times as docs/contract.md takes them: ISO 8601 date and time, {@code T} or a space between, seconds and fraction
 * optional, {@code Z}, an offset or none (then UTC); cut to microseconds; years 0001 to 9999.
 *
 * <p>Read by hand because three times an event through {@code DateTimeFormatter} cost more than the rest of decoding.
 */
final class TimeValue {
    /** The calendar repeats every 400 years, and so every 10,000. */
    private static final int YEARS_OF_A_CYCLE = 400;

    private final String field;
    private final JsonValue value;
    private final String text;
    private int at;
    private boolean isExpandedYear;

    private TimeValue(String field, JsonValue value) {
        this.field = field;
        this.value = value;
        this.text = value.text().strip();
    }

    static Instant parse(String field, JsonValue value) {
        if (value.kind() != JsonValue.Kind.STRING) {
            throw new TimeValue(field, value).unparsable();
        }
        return new TimeValue(field, value).read();
    }

    /** A count of microseconds since 1970, for sources that send those (event profile). */
    static Instant ofEpochMicros(String field, JsonValue value, long micros) {
        return new TimeValue(field, value)
                .inRange(Math.floorDiv(micros, 1_000_000L), (int) (Math.floorMod(micros, 1_000_000L) * 1000));
    }

    private Instant read() {
        int year = year();
        expect('-');
        int month = digits(2);
        expect('-');
        int day = digits(2);
        char separator = next();
        if (separator != 'T' && separator != ' ' && separator != 't') {
            throw unparsable();
        }
        int hour = digits(2);
        expect(':');
        int minute = digits(2);
        int second = 0;
        int nanos = 0;
        if (peek() == ':') {
            at++;
            second = digits(2);
            if (peek() == '.' || peek() == ',') {
                at++;
                nanos = fraction();
            }
        }
        int offset = offsetSeconds();
        if (at != text.length() || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) {
            throw unparsable();
        }
        if (day < 1 || (day > 28 && day > YearMonth.of(year, month).lengthOfMonth())) {
            throw unparsable();
        }
        if (isExpandedYear) {
            throw outOfRange();
        }
        long seconds = epochDay(year, month, day) * 86_400 + hour * 3_600L + minute * 60L + second - offset;
        return inRange(seconds, nanos);
    }

    private Instant inRange(long epochSecond, int nanos) {
        if (epochSecond < StorableTime.EARLIEST.getEpochSecond()
                || epochSecond > StorableTime.LATEST.getEpochSecond()) {
            throw outOfRange();
        }
        return Instant.ofEpochSecond(epochSecond, nanos);
    }

    /**
     * Four digits; or ISO 8601's expanded year, which has a sign or more digits, is beyond what the contract stores, and
     * comes back as one of the same calendar, so that the rest of it is read as of any other.
     */
    private int year() {
        char sign = peek();
        int start = sign == '+' || sign == '-' ? 1 : 0;
        int end = start;
        while (isDigit(end)) {
            end++;
        }
        int length = end - start;
        if (length < 4 || (length == 4 && sign == '+')) {
            throw unparsable();
        }
        isExpandedYear = start > 0 || length > 4;
        at = end - 4;
        int lastDigits = digits(4);
        return sign == '-' ? Math.floorMod(-lastDigits, YEARS_OF_A_CYCLE) : lastDigits;
    }

    private int fraction() {
        int start = at;
        int micros = 0;
        while (isDigit(at)) {
            if (at - start < 6) {
                micros = micros * 10 + (text.charAt(at) - '0');
            }
            at++;
        }
        if (at == start) {
            throw unparsable();
        }
        for (int digit = at - start; digit < 6; digit++) {
            micros *= 10;
        }
        return micros * 1000;
    }

    private int offsetSeconds() {
        char sign = peek();
        if (sign == 'Z' || sign == 'z') {
            at++;
            return 0;
        }
        if (sign != '+' && sign != '-') {
            return 0;
        }
        at++;
        int hours = digits(2);
        int minutes = 0;
        if (peek() == ':') {
            at++;
            minutes = digits(2);
        } else if (isDigit(at)) {
            minutes = digits(2);
        }
        if (hours > 18 || minutes > 59 || (hours == 18 && minutes > 0)) {
            throw unparsable();
        }
        int seconds = hours * 3_600 + minutes * 60;
        return sign == '-' ? -seconds : seconds;
    }

    private int digits(int count) {
        int number = 0;
        for (int i = 0; i < count; i++, at++) {
            if (!isDigit(at)) {
                throw unparsable();
            }
            number = number * 10 + (text.charAt(at) - '0');
        }
        return number;
    }

    private boolean isDigit(int index) {
        return index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9';
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private void expect(char wanted) {
        if (next() != wanted) {
            throw unparsable();
        }
    }

    /** Days since 1970-01-01 in the proleptic Gregorian calendar. */
    private static long epochDay(int year, int month, int day) {
        long y = month <= 2 ? year - 1L : year;
        long era = Math.floorDiv(y, 400L);
        long yearOfEra = y - era * 400;
        long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097 + dayOfEra - 719_468;
    }

    private Refusal unparsable() {
        return Refusal.parseError("%s: wanted an ISO 8601 date and time such as 2026-02-05T01:00:00Z, saw %s"
                .formatted(field, value.shown()));
    }

    private Refusal outOfRange() {
        return Refusal.outOfRange("%s: outside the years 0001 to 9999: %s".formatted(field, value.shown()));
    }
}
