package txlookup.apply.model;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A record that cannot become a snapshot, set aside with its bytes while the stream goes on (docs/contract.md, What is
 * refused).
 *
 * @param record the record as it came
 * @param reason which rule refused it
 * @param detail what was wrong and what was seen: one line that any store and any log can hold, whatever was seen
 */
public record DeadLetter(SourceRecord record, Reason reason, String detail) implements Decoded {
    /** The most characters of a detail (docs/contract.md, What is refused). */
    public static final int MAX_DETAIL = 500;

    // Control characters and line separators; a surrogate matches only where it has no partner.
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]");

    public DeadLetter {
        detail = UNPRINTABLE.matcher(cut(detail)).replaceAll("?");
    }

    private static String cut(String detail) {
        return detail.length() <= MAX_DETAIL ? detail : detail.substring(0, MAX_DETAIL - 1) + "…";
    }

    /** The rules that refuse a record; docs/contract.md names and defines all but the last. */
    public enum Reason {
        PARSE_ERROR,
        CONTRACT_CORE_VIOLATION,
        UNSUPPORTED_TOPIC,
        TOMBSTONE,
        FUTURE_TIMESTAMP,
        VALUE_OUT_OF_RANGE,
        /**
         * Not docs/contract.md's: nothing is known to be wrong with the record, but the process died each time it met
         * it.
         */
        PROCESSING_FAILURE;

        /** The name that docs/contract.md, the store and the console use, such as {@code parse_error}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
