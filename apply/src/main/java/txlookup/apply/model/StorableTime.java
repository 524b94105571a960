package txlookup.apply.model;

import java.time.Instant;

/** The times that the contract takes and that every store holds: the years 0001 to 9999, in microseconds. */
public final class StorableTime {
    public static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    public static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private StorableTime() {}

    public static boolean isStorable(Instant time) {
        return time.equals(clamped(time));
    }

    /** The nearest time that can be stored: a record is set aside even if its own timestamp is what is wrong with it. */
    public static Instant clamped(Instant time) {
        if (time.isBefore(EARLIEST)) {
            return EARLIEST;
        }
        return time.isAfter(LATEST) ? LATEST : time;
    }
}
