package txlookup.proof;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;
import txlookup.backfill.throttle.Throttle;
import txlookup.backfill.throttle.ThrottleSettings;
import txlookup.proof.compare.DataSet;
import txlookup.proof.compare.Difference;
import txlookup.proof.compare.DifferenceRule;
import txlookup.proof.compare.EntityComparison;
import txlookup.proof.compare.Findings;
import txlookup.proof.compare.Futures;
import txlookup.proof.compare.StoredVersion;
import txlookup.proof.compare.TableReport;
import txlookup.proof.compare.VerificationProgress;
import txlookup.proof.compare.VerificationSettings;
import txlookup.proof.compare.Window;

/**
 * Compares a source with the store while both go on living (docs/architecture.md, Differences): settled rows only, by
 * checksums of buckets, down to keys, and each difference read once more after a while. What was only on its way is
 * gone by then.
 */
public final class Verification {
    private static final int SIDES = 2;

    private final DataSet source;
    private final DataSet store;
    private final VerificationSettings settings;
    private final VerificationProgress progress;
    private final Throttle throttle;

    /** A comparison that tells nobody how it goes, and gives way to nothing. */
    public Verification(DataSet source, DataSet store, VerificationSettings settings) {
        this(source, store, settings, VerificationProgress.QUIET, ThrottleSettings.OFF);
    }

    /** @param throttle what it gives way to, every ten thousand rows of a side */
    public Verification(
            DataSet source,
            DataSet store,
            VerificationSettings settings,
            VerificationProgress progress,
            ThrottleSettings throttle) {
        this.source = source;
        this.store = store;
        this.settings = settings;
        this.progress = progress;
        this.throttle = new Throttle(throttle);
    }

    /** Compares everything that both sides hold. */
    public Findings run(Window window) throws IOException, SQLException, InterruptedException {
        List<Entity> entities = source.entities().stream().sorted().toList();
        ExecutorService threads = Executors.newFixedThreadPool(entities.size() * (1 + SIDES));
        try {
            List<Future<EntityComparison.Found>> running = new ArrayList<>();
            for (Entity entity : entities) {
                EntityComparison comparison =
                        new EntityComparison(entity, source, store, window, settings, progress, throttle, threads);
                running.add(threads.submit((Callable<EntityComparison.Found>) comparison::run));
            }
            List<TableReport> tables = new ArrayList<>();
            List<Difference> found = new ArrayList<>();
            for (Future<EntityComparison.Found> one : running) {
                EntityComparison.Found result = Futures.of(one);
                tables.add(result.report());
                found.addAll(result.differences());
            }
            if (!found.isEmpty()) {
                Thread.sleep(settings.confirmAfter().toMillis());
            }
            return new Findings(tables, remaining(found, window));
        } finally {
            threads.shutdownNow();
        }
    }

    /** Reads the keys of differences once more, and gives what is different still. */
    public List<Difference> remaining(List<Difference> differences, Window window) throws IOException, SQLException {
        List<Difference> remaining = new ArrayList<>();
        for (Map.Entry<Entity, List<Difference>> some : byEntity(differences).entrySet()) {
            remaining.addAll(again(some.getKey(), some.getValue(), new DifferenceRule(window, source)));
        }
        return remaining;
    }

    private List<Difference> again(Entity entity, List<Difference> differences, DifferenceRule judgement)
            throws IOException, SQLException {
        List<String> keys = differences.stream().map(Difference::key).toList();
        Map<String, StoredVersion> said = source.isLive() ? source.find(entity, keys) : saidBefore(differences);
        return judgement.of(entity, said, store.find(entity, keys));
    }

    private static Map<String, StoredVersion> saidBefore(List<Difference> differences) {
        Map<String, StoredVersion> said = new HashMap<>();
        for (Difference difference : differences) {
            @Nullable StoredVersion held = difference.source();
            if (held != null) {
                said.put(difference.key(), held);
            }
        }
        return said;
    }

    private static Map<Entity, List<Difference>> byEntity(Collection<Difference> differences) {
        return differences.stream()
                .collect(Collectors.groupingBy(Difference::entity, TreeMap::new, Collectors.toList()));
    }
}
