package txlookup.consumer;

/**
 * So many records are refused that they cannot be to blame: the event profile does not fit, or the producer is broken.
 * The consumer stops before the batch; nothing of it is applied or set aside, and a restart finds it again.
 */
public final class SystemicFaultException extends RuntimeException {
    SystemicFaultException(String message) {
        super(message);
    }
}
