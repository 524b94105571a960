package txlookup.fuzz.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** docs/contract.md's table of types: what a text, decimal, time and integer may be. */
public final class ContractTypes {
    static final String PARSE_ERROR = "parse_error";
    static final String OUT_OF_RANGE = "value_out_of_range";

    static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    static final Instant BEYOND = Instant.parse("+10000-01-01T00:00:00Z");

    private static final int MOST_DIGITS = 1000;
    private static final int LONGEST_IDENTIFIER_BYTES = 1000;
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger GREATEST = BigInteger.valueOf(Long.MAX_VALUE);

    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");

    // A year of four digits, or ISO 8601's expanded one: a sign, and digits beyond four or a year before 0.
    private static final Pattern TIME =
            Pattern.compile("(?<year>[0-9]{4}|-[0-9]{4}|[+-]?[0-9]{5,})-(?<month>[0-9]{2})-(?<day>[0-9]{2})"
                    + "[Tt ](?<hour>[0-9]{2}):(?<minute>[0-9]{2})(:(?<second>[0-9]{2})([.,](?<fraction>[0-9]+))?)?"
                    + "([Zz]|(?<sign>[+-])(?<hours>[0-9]{2})(:?(?<minutes>[0-9]{2}))?)?");

    private ContractTypes() {}

    /** Why a record is refused, by the contract's name of the reason. */
    static final class Refused extends Exception {
        final String reason;

        Refused(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }
    }

    /** How a present value is read; null where it counts as missing. */
    interface Type {
        @Nullable
        Object read(ContractJson.Value value) throws Refused;
    }

    static @Nullable String text(ContractJson.Value value) throws Refused {
        String text = characters(value);
        require(text.codePoints().noneMatch(c -> c == 0 || (c >= 0xd800 && c < 0xe000)), OUT_OF_RANGE);
        return text.isEmpty() ? null : text;
    }

    /** What an index has to hold as well. */
    static @Nullable String identifier(ContractJson.Value value) throws Refused {
        String text = text(value);
        require(text == null || text.getBytes(StandardCharsets.UTF_8).length <= LONGEST_IDENTIFIER_BYTES, OUT_OF_RANGE);
        return text;
    }

    /** Digits are counted before anything is built of them: an exponent asks for as many as it likes. */
    static BigDecimal decimal(ContractJson.Value value) throws Refused {
        String text = characters(value);
        require(JsonNumber.end(text, 0) == text.length(), PARSE_ERROR);
        boolean negative = text.charAt(0) == '-';
        int exponentAt = Math.max(text.indexOf('e'), text.indexOf('E'));
        String mantissa = text.substring(negative ? 1 : 0, exponentAt < 0 ? text.length() : exponentAt);
        int point = mantissa.indexOf('.');
        String digits = mantissa.replace(".", "").replaceFirst("^0+", "");
        BigInteger scale = BigInteger.valueOf(point < 0 ? 0 : mantissa.length() - point - 1)
                .subtract(exponentAt < 0 ? BigInteger.ZERO : new BigInteger(text.substring(exponentAt + 1)));
        BigInteger fraction = scale.max(BigInteger.ZERO);
        BigInteger whole = digits.isEmpty()
                ? BigInteger.ONE
                : BigInteger.valueOf(digits.length()).subtract(scale).max(BigInteger.ONE);
        require(whole.add(fraction).compareTo(BigInteger.valueOf(MOST_DIGITS)) <= 0, OUT_OF_RANGE);
        if (digits.isEmpty()) {
            return new BigDecimal(BigInteger.ZERO, fraction.intValueExact());
        }
        BigDecimal decimal = new BigDecimal(new BigInteger((negative ? "-" : "") + digits), scale.intValueExact());
        return decimal.scale() < 0 ? decimal.setScale(0) : decimal;
    }

    static Long integer(ContractJson.Value value) throws Refused {
        String text = characters(value);
        require(INTEGER.matcher(text).matches(), PARSE_ERROR);
        BigInteger integer = new BigInteger(text);
        require(integer.compareTo(LEAST) >= 0 && integer.compareTo(GREATEST) <= 0, OUT_OF_RANGE);
        return integer.longValueExact();
    }

    static Instant time(ContractJson.Value value) throws Refused {
        require(value instanceof ContractJson.Text, PARSE_ERROR);
        Matcher time = TIME.matcher(characters(value));
        require(time.matches(), PARSE_ERROR);
        String year = time.group("year");
        int offset = 0;
        if (time.group("sign") != null) {
            int hours = Integer.parseInt(time.group("hours"));
            int minutes = number(time, "minutes");
            require(minutes <= 59 && hours * 60 + minutes <= 18 * 60, PARSE_ERROR);
            offset = (hours * 60 + minutes) * (time.group("sign").equals("-") ? -60 : 60);
        }
        LocalDateTime local;
        try {
            local = LocalDateTime.of(
                    likeYear(year),
                    number(time, "month"),
                    number(time, "day"),
                    number(time, "hour"),
                    number(time, "minute"),
                    number(time, "second"),
                    micros(time.group("fraction")) * 1000);
        } catch (DateTimeException e) {
            throw new Refused(PARSE_ERROR);
        }
        require(year.length() == 4, OUT_OF_RANGE);
        Instant instant = local.toInstant(ZoneOffset.UTC).minusSeconds(offset);
        require(!instant.isBefore(FIRST) && instant.isBefore(BEYOND), OUT_OF_RANGE);
        return instant;
    }

    /** A year of four digits with the same calendar: it repeats every 400 years, so every 10,000. */
    private static int likeYear(String year) {
        int last = Integer.parseInt(year.substring(year.length() - 4));
        return year.startsWith("-") ? Math.floorMod(-last, 400) : last;
    }

    private static int number(Matcher time, String group) {
        return time.group(group) == null ? 0 : Integer.parseInt(time.group(group));
    }

    private static int micros(@Nullable String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "00000").substring(0, 6));
    }

    /** What the store keeps of a dead letter's own time: the nearest that it can hold. */
    public static Instant storable(Instant time) {
        Instant last = BEYOND.minusNanos(1000);
        return time.isBefore(FIRST) ? FIRST : time.isAfter(last) ? last : time;
    }

    private static String characters(ContractJson.Value value) throws Refused {
        if (value instanceof ContractJson.Text text) {
            return text.content().strip();
        }
        if (value instanceof ContractJson.Numeral number) {
            return number.literal();
        }
        throw new Refused(PARSE_ERROR);
    }

    private static void require(boolean holds, String otherwise) throws Refused {
        if (!holds) {
            throw new Refused(otherwise);
        }
    }
}
