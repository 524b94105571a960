package txlookup.profiles.events;

/**
 * What a source sends for a time. An ISO 8601 string is accepted under every unit; the unit says what a JSON integer
 * means.
 */
public enum SourceTimeUnit {
    /** ISO 8601 strings only; a number is refused. */
    ISO,
    /** A JSON integer is milliseconds since 1970-01-01T00:00:00Z. */
    EPOCH_MILLIS,
    /** A JSON integer is microseconds since 1970-01-01T00:00:00Z. */
    EPOCH_MICROS
}
