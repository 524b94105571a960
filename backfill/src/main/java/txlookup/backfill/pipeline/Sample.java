package txlookup.backfill.pipeline;

import org.jspecify.annotations.Nullable;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.Decoded;

/**
 * The first rows of an input, by which is judged whether the event profile fits it.
 *
 * @param refused how many of the rows would become dead letters
 * @param first why the first of those would, for people; null where none would
 */
public record Sample(
        String name, int rows, int refused, @Nullable String first) {
    // Of fewer rows a share says little, and setting them aside costs little.
    private static final int LEAST_ROWS = 100;

    public static Sample of(String name, Iterable<Decoded> decoded) {
        int rows = 0;
        int refused = 0;
        String first = null;
        for (Decoded one : decoded) {
            rows++;
            if (one instanceof DeadLetter letter) {
                refused++;
                if (first == null) {
                    first = "row %,d, %s: %s"
                            .formatted(
                                    letter.record().position(), letter.reason().wireName(), letter.detail());
                }
            }
        }
        return new Sample(name, rows, refused, first);
    }

    /** @throws IllegalArgumentException when too many of the rows would become dead letters */
    public void require(double maxDeadShare) {
        if (rows >= LEAST_ROWS && refused > maxDeadShare * rows) {
            throw new IllegalArgumentException(
                    ("%s: %,d of its first %,d rows would become dead letters, more than the share of %s (consumer.maxDeadShare); "
                                    + "the first is %s. Nothing of it was loaded. Mend events.profile or take another extract; "
                                    + "to set such rows aside all the same, raise the share")
                            .formatted(name, refused, rows, maxDeadShare, first));
        }
    }
}
