package txlookup.apply.decode;

import txlookup.apply.model.DeadLetter.Reason;

/** The record at hand is refused; caught by {@link Decoder}, which makes it a dead letter. */
final class Refusal extends RuntimeException {
    final Reason reason;

    Refusal(Reason reason, String detail) {
        // No stack trace: a burst of bad records must cost little more than good ones.
        super(detail, null, false, false);
        this.reason = reason;
    }

    static Refusal parseError(String detail) {
        return new Refusal(Reason.PARSE_ERROR, detail);
    }

    static Refusal outOfRange(String detail) {
        return new Refusal(Reason.VALUE_OUT_OF_RANGE, detail);
    }
}
