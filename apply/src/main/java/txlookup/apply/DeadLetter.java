package txlookup.apply;

import java.util.Locale;

/**
 * A record that cannot become a snapshot, set aside with its bytes while the stream goes on (contract.md, What is
 * refused).
 *
 * @param record the record as it came
 * @param reason which rule refused it
 * @param detail what was wrong and what was seen, in one line
 */
public record DeadLetter(SourceRecord record, Reason reason, String detail) implements Decoded {
    /** The rules that refuse a record; contract.md names and defines all but the last. */
    public enum Reason {
        PARSE_ERROR,
        CONTRACT_CORE_VIOLATION,
        UNSUPPORTED_TOPIC,
        TOMBSTONE,
        FUTURE_TIMESTAMP,
        VALUE_OUT_OF_RANGE,
        /** Not contract.md's: nothing is known to be wrong with the record, but the process died each time it met it. */
        PROCESSING_FAILURE;

        /** The name that contract.md, the store and the console use, such as {@code parse_error}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
