package txlookup.schemacheck.observe;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a statement did to one object of the catalogue.
 *
 * @param before null when the statement made it
 * @param after null when it is lost
 * @param table that it belongs to; empty without one
 * @param inUse whether it, or the table of a new one, was there before the revision: somebody may be using it
 */
public record CatalogChange(
        @Nullable CatalogObject before, @Nullable CatalogObject after, String table, boolean inUse) {
    /** As it is now, or as it was when it is lost. */
    public CatalogObject object() {
        return after == null ? Objects.requireNonNull(before) : after;
    }

    public boolean isMade() {
        return before == null;
    }

    public boolean isLost() {
        return after == null;
    }

    /** Whether a trait of an object that stays differs, be it there now or not. */
    public boolean differs(String trait) {
        return before != null && after != null && !Objects.equals(before.trait(trait), after.trait(trait));
    }

    /** Whether an object that stays has a trait that it had not. */
    public boolean gains(String trait) {
        return differs(trait) && object().has(trait);
    }

    public boolean isRenamed() {
        return before != null && after != null && !before.name().equals(after.name());
    }
}
