package txlookup.apply.store.deadletter;

public enum DeadLetterState {
    /** Nobody has settled it. */
    OPEN,
    /** A run has chosen it and will settle it; it counts as open. */
    REPLAYING,
    /** Its content is in the store. */
    RESOLVED,
    /** It can be read now, but the store has something newer of the same key: correct, not an error. */
    SUPERSEDED,
    /** Somebody decided, with a reason, that it is not wanted. */
    DISCARDED
}
