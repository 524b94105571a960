package txlookup.apply.model;

/** What a record turns out to be: a {@link Snapshot}, a {@link DeadLetter} that says why not, or a {@link Marker}. */
public sealed interface Decoded permits Snapshot, DeadLetter, Marker {}
