package txlookup.proof.repair;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;
import txlookup.apply.model.Snapshot;
import txlookup.apply.store.batch.Store;
import txlookup.apply.store.position.Checkpoint;
import txlookup.apply.store.position.Lease;
import txlookup.apply.store.position.Source;
import txlookup.apply.store.repair.Quarantine;
import txlookup.apply.store.repair.SeenRow;
import txlookup.proof.Verification;
import txlookup.proof.compare.DataSet;
import txlookup.proof.compare.Difference;
import txlookup.proof.compare.Difference.Kind;
import txlookup.proof.compare.Difference.Outcome;
import txlookup.proof.compare.DifferenceRule;
import txlookup.proof.compare.StoredVersion;
import txlookup.proof.compare.Window;

/**
 * Brings the store to what the source says, by the ordinary way in and beside the live stream: the newest wins, so a repair
 * that comes late changes nothing. Rows that only the store has are quarantined, not deleted.
 */
public final class Repair {
    private static final int BATCH = 1_000;

    private final Store store;
    private final Quarantine quarantine;
    private final Verification verification;
    private final DataSet source;
    private final String actor;

    /**
     * @param connections of the generation
     * @param verification the one that found the differences; it is asked again afterwards
     * @param source what it compared the store with
     * @param actor who repairs, for people who read the coverage
     */
    public Repair(DataSource connections, Verification verification, DataSet source, String actor) {
        this.store = new Store(connections);
        this.quarantine = new Quarantine(connections);
        this.verification = verification;
        this.source = source;
        this.actor = actor;
    }

    /**
     * Repairs differences.
     *
     * @return the same differences, each with its outcome
     */
    public List<Difference> carryOut(List<Difference> differences, Window window) throws IOException, SQLException {
        if (differences.isEmpty()) {
            return differences;
        }
        DifferenceRule judgement = new DifferenceRule(window, source);
        Lease claim = claim();
        for (Entity entity : Entity.values()) {
            List<Difference> here =
                    differences.stream().filter(one -> one.entity() == entity).toList();
            quarantine.keepExtra(source.name(), entity, seen(here, Kind.EXTRA));
            // Those that replace a row lock it first, and so go by themselves: then all lock in the order of the keys.
            claim = apply(claim, entity, lacking(here), List.of());
            claim = apply(claim, entity, wrong(here, judgement), seen(here, Kind.FIELD));
        }
        return outcomes(differences, judgement, window);
    }

    /** Marks the extra rows that an earlier pass quarantined. */
    public List<Difference> withQuarantined(List<Difference> differences) throws SQLException {
        List<Difference> marked = new ArrayList<>();
        for (Entity entity : Entity.values()) {
            List<Difference> here =
                    differences.stream().filter(one -> one.entity() == entity).toList();
            Map<String, Instant> held = quarantine.extrasHeld(entity, seen(here, Kind.EXTRA));
            here.forEach(one -> marked.add(
                    one.kind() == Kind.EXTRA && held.containsKey(one.key()) ? one.with(Outcome.QUARANTINED) : one));
        }
        return marked;
    }

    private Lease claim() throws SQLException {
        Source repairing = new Source(Source.Kind.REPAIR, source.name(), Source.NO_PARTITION);
        store.register(repairing, null, null, 0, source.readUntil());
        return store.claim(repairing, actor).orElseThrow();
    }

    private static List<SeenRow> seen(List<Difference> differences, Kind kind) {
        return differences.stream()
                .filter(one -> one.kind() == kind)
                .flatMap(one -> Stream.ofNullable(one.stored()))
                .map(StoredVersion::seen)
                .toList();
    }

    private static List<Snapshot> lacking(List<Difference> differences) {
        return differences.stream()
                .filter(one -> one.kind() == Kind.MISSING || one.kind() == Kind.STALE)
                .flatMap(one -> Stream.ofNullable(one.source()))
                .map(StoredVersion::snapshot)
                .toList();
    }

    private static List<Snapshot> wrong(List<Difference> differences, DifferenceRule judgement) {
        return differences.stream()
                .filter(one -> one.kind() == Kind.FIELD && isRepairable(one, judgement))
                .flatMap(one -> Stream.ofNullable(one.source()))
                .map(StoredVersion::snapshot)
                .toList();
    }

    private static boolean isRepairable(Difference difference, DifferenceRule judgement) {
        @Nullable StoredVersion said = difference.source();
        @Nullable StoredVersion stored = difference.stored();
        return said != null && (stored == null || judgement.mayReplace(said, stored));
    }

    private Lease apply(Lease claim, Entity entity, List<Snapshot> snapshots, List<SeenRow> seen) throws SQLException {
        Map<String, SeenRow> rows = seen.stream().collect(Collectors.toMap(SeenRow::key, row -> row));
        Lease current = claim;
        for (int from = 0; from < snapshots.size(); from += BATCH) {
            List<Snapshot> batch = new ArrayList<>();
            List<SeenRow> wrong = new ArrayList<>();
            for (Snapshot snapshot : snapshots.subList(from, Math.min(from + BATCH, snapshots.size()))) {
                batch.add(snapshot.at(current.nextPosition() + batch.size()));
                Stream.ofNullable(rows.get(snapshot.key())).forEach(wrong::add);
            }
            Checkpoint to = new Checkpoint(current.nextPosition() + batch.size(), null, 0, null, false);
            current = store.repair(current, entity, batch, wrong, to).claim();
        }
        return current;
    }

    private List<Difference> outcomes(List<Difference> differences, DifferenceRule judgement, Window window)
            throws IOException, SQLException {
        Map<String, Difference> remaining = verification.remaining(differences, window).stream()
                .collect(Collectors.toMap(Repair::identity, one -> one));
        List<Difference> outcomes = new ArrayList<>();
        for (Difference one : differences) {
            Difference still = remaining.get(identity(one));
            if (still == null) {
                outcomes.add(one.with(Outcome.REPAIRED));
            } else if (still.kind() == Kind.FIELD && !isRepairable(still, judgement)) {
                outcomes.add(still.with(Outcome.NOT_REPAIRABLE));
            } else {
                outcomes.add(still);
            }
        }
        return withQuarantined(outcomes);
    }

    private static String identity(Difference difference) {
        return difference.entity() + " " + difference.key();
    }
}
