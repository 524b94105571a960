package txlookup.profiles.naming;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Optional;

/**
 * The number of a generation, greater for a later one (docs/architecture.md, invariant 7).
 *
 * @param value the cutover as {@code yyyyMMddHHmmss} in UTC, or a number from 1 to 999999 that a profile pins
 */
public record GenerationNumber(long value) implements Comparable<GenerationNumber> {

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss").withResolverStyle(ResolverStyle.STRICT);
    private static final long GREATEST_PINNED = 999_999L;
    private static final int TIME_DIGITS = 14;

    /**
     * Takes the number if it is one.
     *
     * @throws IllegalArgumentException when it is neither a time nor small enough to have been pinned
     */
    public GenerationNumber {
        if (value < 1 || (value > GREATEST_PINNED && time(value).isEmpty())) {
            throw new IllegalArgumentException(
                    "a generation is a number from 1 to 999999 or a UTC time as yyyyMMddHHmmss, not " + value);
        }
    }

    /** The generation that a cutover gives, cut to the second. */
    public static GenerationNumber fromCutover(Instant cutover) {
        return new GenerationNumber(
                Long.parseLong(LocalDateTime.ofInstant(cutover, ZoneOffset.UTC).format(FORMAT)));
    }

    /**
     * Reads the digits.
     *
     * @throws IllegalArgumentException when the text is no generation number
     */
    public static GenerationNumber parse(String text) {
        if (!text.matches("[1-9][0-9]{0,13}")) {
            throw new IllegalArgumentException(
                    "a generation is a number from 1 to 999999 or a UTC time as yyyyMMddHHmmss, not \"" + text + "\"");
        }
        return new GenerationNumber(Long.parseLong(text));
    }

    /** The cutover that the number says, to the second; empty for a pinned number. */
    public Optional<Instant> cutover() {
        return value <= GREATEST_PINNED ? Optional.empty() : time(value);
    }

    @Override
    public int compareTo(GenerationNumber other) {
        return Long.compare(value, other.value);
    }

    /** The digits, as they stand in a consumer group's name. */
    @Override
    public String toString() {
        return Long.toString(value);
    }

    private static Optional<Instant> time(long value) {
        String digits = Long.toString(value);
        if (digits.length() != TIME_DIGITS) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDateTime.parse(digits, FORMAT).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException noSuchTime) {
            return Optional.empty();
        }
    }
}
