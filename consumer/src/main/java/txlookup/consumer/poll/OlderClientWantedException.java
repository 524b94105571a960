package txlookup.consumer.poll;

/**
 * The broker closes what this Kafka client opens with, and answers what an older one would. It is nobody's failure: the
 * process ends, and the launcher starts it on the older client. Code that turns failures into a verdict therefore passes it on.
 */
public final class OlderClientWantedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OlderClientWantedException(String message) {
        super(message);
    }
}
