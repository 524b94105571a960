package txlookup.gate.observe.record;

/**
 * One thing that is observed. It records what it sees and also that it could not see: a failure to answer is an
 * observation, not an exception.
 */
public interface ObservationSource extends AutoCloseable {
    /** What is seen once, before anything else. */
    default void begin(Recorder recorder) throws InterruptedException {}

    /** What is seen at every instant. */
    default void sample(Recorder recorder) throws InterruptedException {}

    /** What is seen once, after the last instant. */
    default void end(Recorder recorder) throws InterruptedException {}

    @Override
    default void close() {}
}
