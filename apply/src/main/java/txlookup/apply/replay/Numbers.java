package txlookup.apply.replay;

/**
 * Numbers of dead letters that one statement looks at: behind {@code after}, up to {@code upTo}.
 *
 * <p>Millions of dead letters would not be done within the time that one statement may take.
 */
record Numbers(long after, long upTo) {
    static final int MOST = 10_000;

    /** The next ones behind {@code after}, as far as {@code last}. */
    static Numbers after(long after, long last) {
        return new Numbers(after, Math.min(after + MOST, last));
    }

    boolean isEmpty() {
        return after >= upTo;
    }
}
