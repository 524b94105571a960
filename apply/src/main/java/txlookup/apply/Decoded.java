package txlookup.apply;

/** What decoding makes of a record: a {@link Snapshot}, or a {@link DeadLetter} that says why not. */
public sealed interface Decoded permits Snapshot, DeadLetter {}
