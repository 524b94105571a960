package txlookup.proof.compare;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;
import txlookup.apply.model.Snapshot;
import txlookup.proof.compare.Difference.Kind;
import txlookup.proof.compare.Difference.Outcome;

/** Decides what two rows of one key mean to each other. */
public final class DifferenceRule {
    /** The part of the winning order that the source itself gives (docs/contract.md, Which snapshot wins, 1 to 3). */
    private static final Comparator<Snapshot> BY_VERSION = Comparator.comparing(
                    Snapshot::updatedAt, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()))
            .thenComparing(Snapshot::version, Comparator.nullsFirst(Comparator.<Long>naturalOrder()));

    private final Window window;
    private final DataSet source;

    public DifferenceRule(Window window, DataSet source) {
        this.window = window;
        this.source = source;
    }

    /** All differences between what the sides hold of some keys, sorted by key so that the same data reads the same. */
    public List<Difference> of(Entity entity, Map<String, StoredVersion> said, Map<String, StoredVersion> stored) {
        TreeSet<String> keys = new TreeSet<>(said.keySet());
        keys.addAll(stored.keySet());
        List<Difference> differences = new ArrayList<>();
        for (String key : keys) {
            of(entity, key, said.get(key), stored.get(key)).ifPresent(differences::add);
        }
        return differences;
    }

    /** Empty where they agree, or where it is too early to tell. */
    private Optional<Difference> of(
            Entity entity, String key, @Nullable StoredVersion said, @Nullable StoredVersion stored) {
        Kind kind = kind(said, stored);
        return kind == null
                ? Optional.empty()
                : Optional.of(new Difference(
                        kind, entity, key, FieldDiff.between(said, stored), said, stored, Outcome.FOUND));
    }

    private @Nullable Kind kind(@Nullable StoredVersion said, @Nullable StoredVersion stored) {
        if (stored == null) {
            return said != null && window.covers(said.orderTime()) ? Kind.MISSING : null;
        }
        if (said == null) {
            if (mayNotExist(stored)) {
                return Kind.EXTRA;
            }
            return stored.isIntact() ? null : Kind.FIELD;
        }
        if (!stored.isIntact()) {
            // No writer of ours makes such a row, so no waiting settles it.
            return Kind.FIELD;
        }
        if (said.snapshot().origin().digest() == stored.snapshot().origin().digest()
                || !window.covers(said.orderTime())
                || !window.covers(stored.orderTime())) {
            return null;
        }
        int order = BY_VERSION.compare(said.snapshot(), stored.snapshot());
        if (order == 0) {
            return isLaterThanTheReading(stored) ? Kind.AHEAD : Kind.FIELD;
        }
        return order < 0 ? Kind.AHEAD : Kind.STALE;
    }

    /** What reached the store with a record of a later time than the reading is no evidence against it. */
    private boolean mayNotExist(StoredVersion stored) {
        return source.isWhole() && window.covers(stored.orderTime()) && !isLaterThanTheReading(stored);
    }

    private boolean isLaterThanTheReading(StoredVersion stored) {
        return !source.isLive() && stored.snapshot().origin().time().isAfter(source.readUntil());
    }

    /**
     * Whether the source's snapshot may take the place of the stored row. A live source is never older than what it
     * published. An extract may be: it must not undo what the stream brought since.
     */
    public boolean mayReplace(StoredVersion said, StoredVersion stored) {
        return source.isLive() || BY_VERSION.compare(said.snapshot(), stored.snapshot()) >= 0;
    }
}
