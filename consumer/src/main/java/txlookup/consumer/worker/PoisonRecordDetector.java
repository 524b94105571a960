package txlookup.consumer.worker;

import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the record that the process dies of, across restarts: the store counts attempts at a position before they are
 * made, and forgets them once the position moves. After {@code tries} attempts that came to nothing records are applied
 * one by one, each counted; after as many again, the one at the position has killed the process alone every time.
 */
final class PoisonRecordDetector {
    private static final Logger log = LoggerFactory.getLogger(PoisonRecordDetector.class);

    private final TopicPartition partition;
    private final int tries;
    private final int span;
    private boolean begun;
    private int attempts;
    private int left;

    /**
     * @param tries attempts before records are tried one by one
     * @param span how many are then, at least as many as died together
     */
    PoisonRecordDetector(TopicPartition partition, int tries, int span) {
        this.partition = partition;
        this.tries = tries;
        this.span = span;
    }

    /** Whether the next attempt is to be counted: the first after a claim, and each while records are tried one by one. */
    boolean counts() {
        return !begun || left > 0;
    }

    /** @param attemptsSoFar as the store counts them, the one about to be made included */
    void begins(int attemptsSoFar) {
        attempts = attemptsSoFar;
        if (!begun && attempts > tries) {
            log.warn(
                    "{}: {} attempts did not get past this position; its records are tried one by one",
                    partition,
                    attempts - 1);
            left = span;
        }
        begun = true;
    }

    boolean oneByOne() {
        return left > 0;
    }

    /** Whether the single record about to be applied is the one. */
    boolean isFound() {
        return left > 0 && attempts > 2 * tries;
    }

    String finding() {
        return "the process died %d times on the way past it, the last %d times with no other record at hand"
                .formatted(attempts - 1, tries);
    }

    void survivedOne() {
        left--;
    }
}
