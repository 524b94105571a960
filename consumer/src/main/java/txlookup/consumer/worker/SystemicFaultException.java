package txlookup.consumer.worker;

/**
 * So many records are refused that they cannot be to blame: the event profile does not fit, or the producer is broken.
 * The partition stops before the batch; nothing of it is applied or set aside, until somebody resumes the partition.
 */
public final class SystemicFaultException extends RuntimeException {
    private final double share;

    /** @param share of dead letters that was exceeded */
    SystemicFaultException(String message, double share) {
        super(message);
        this.share = share;
    }

    double share() {
        return share;
    }
}
