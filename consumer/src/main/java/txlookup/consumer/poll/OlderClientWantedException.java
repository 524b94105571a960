package txlookup.consumer.poll;

/** The broker closes what this Kafka client opens with, and answers what an older one would. */
public final class OlderClientWantedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    OlderClientWantedException(String message) {
        super(message);
    }
}
