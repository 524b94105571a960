package txlookup.profiles.events;

/** How a field of an event is read (docs/contract.md, "Events"). */
public enum FieldType {
    /** A JSON string, trimmed, or a number taken as its literal. */
    TEXT,
    /** A JSON number, or a string that holds one; its digits and scale are kept as sent. */
    DECIMAL,
    /** An instant; see {@link SourceTimeUnit}. */
    TIME,
    /** A whole number of 64 bits, as a JSON number or as digits in a string. */
    INTEGER
}
