package txlookup.apply.store.deadletter;

/** Somebody discarded dead letters of this batch after it was read: nothing was changed, and it is to be read again. */
public final class SettledMeanwhileException extends RuntimeException {
    public SettledMeanwhileException() {
        super("dead letters of this batch were settled after they were read; nothing of it was applied");
    }
}
