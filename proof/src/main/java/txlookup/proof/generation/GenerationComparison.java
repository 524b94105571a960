package txlookup.proof.generation;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;
import txlookup.backfill.throttle.Throttle;
import txlookup.proof.compare.DataSet;
import txlookup.proof.compare.FieldDiff;
import txlookup.proof.compare.KeyHash;
import txlookup.proof.compare.StoredVersion;
import txlookup.proof.compare.VerificationProgress;
import txlookup.proof.generation.ComparisonResult.Unsettled;
import txlookup.proof.generation.GenerationDifference.Kind;
import txlookup.proof.generation.GenerationPair.Both;
import txlookup.proof.generation.GenerationPair.Differing;
import txlookup.proof.generation.GenerationPair.Range;

/**
 * Compares a candidate with another generation while both are written (docs/architecture.md, act 3). One reading goes
 * through all keys, range by range, and finds those that differ. They are read again once both consumers have applied
 * whatever either had applied by then: a key that is still the same on each side, and still differs, is a difference;
 * one that changed meanwhile is read once more.
 */
public final class GenerationComparison {
    private final DataSource store;
    private final long candidate;
    private final long against;
    private final ComparisonSettings settings;
    private final @Nullable DataSet source;
    private final VerificationProgress progress;
    private final Throttle throttle;
    private @Nullable String notLevel;
    private @Nullable String sourceNotRead;
    private int rounds;

    /**
     * @param store any pool of the store; one connection is used
     * @param source what the candidate was loaded from, to tell what it lost from what the source had lost; null where it
     *     cannot be read, and then all of that is {@link Kind#MISSING}
     * @param throttle gives way to lookups and to the stream between two ranges
     */
    public GenerationComparison(
            DataSource store,
            long candidate,
            long against,
            ComparisonSettings settings,
            @Nullable DataSet source,
            VerificationProgress progress,
            Throttle throttle) {
        this.store = store;
        this.candidate = candidate;
        this.against = against;
        this.settings = settings;
        this.source = source;
        this.progress = progress;
        this.throttle = throttle;
    }

    private record Key(Entity entity, String key) {}

    /** What the reading of all keys gave. */
    private record Found(Map<Key, Differing> differing, long rows, boolean isWhole) {}

    /** Compares them; may be called once. */
    public ComparisonResult run() throws SQLException, InterruptedException {
        Instant startedAt = Instant.now();
        try (GenerationPair pair = new GenerationPair(store, against, candidate)) {
            Found found = readAll(pair);
            Map<Key, Differing> open = found.differing();
            List<GenerationDifference> differences = new ArrayList<>();
            while (!open.isEmpty() && rounds < settings.rounds() && cameLevel(pair)) {
                rounds++;
                open = readAgain(pair, open, differences);
            }
            List<GenerationDifference> told = withWhatLeftTheSource(pair, differences);
            return new ComparisonResult(
                    candidate,
                    against,
                    startedAt,
                    Instant.now(),
                    found.rows(),
                    told,
                    open.keySet().stream()
                            .map(key -> new Unsettled(key.entity(), key.key()))
                            .toList(),
                    rounds,
                    found.isWhole(),
                    notLevel,
                    sourceNotRead);
        }
    }

    private Found readAll(GenerationPair pair) throws SQLException, InterruptedException {
        Map<Key, Differing> differing = new LinkedHashMap<>();
        long rows = 0;
        for (Entity entity : Entity.values()) {
            progress.begins(entity, 0, OptionalLong.of(pair.rows(entity)));
            String last = null;
            do {
                if (differing.size() >= settings.mostDifferences()) {
                    return new Found(differing, rows, false);
                }
                throttle.giveWay();
                Range range = pair.range(entity, last, settings.rangeRows());
                pair.end();
                range.differing().forEach(one -> differing.put(key(one), one));
                rows += range.rows();
                progress.read(2 * range.rows());
                last = range.last();
            } while (last != null);
        }
        return new Found(differing, rows, true);
    }

    private static Key key(Differing one) {
        return new Key(one.entity(), one.key());
    }

    /** Waits until both have applied what either has applied now. */
    private boolean cameLevel(GenerationPair pair) throws SQLException, InterruptedException {
        Map<String, Long> levels = pair.levels();
        pair.end();
        long deadline = System.nanoTime() + settings.levelWithin().toNanos();
        String behind = pair.behind(levels);
        pair.end();
        while (behind != null) {
            if (System.nanoTime() > deadline) {
                notLevel = "after %d s, %s".formatted(settings.levelWithin().toSeconds(), behind);
                return false;
            }
            Thread.sleep(settings.lookEvery().toMillis());
            behind = pair.behind(levels);
            pair.end();
        }
        return true;
    }

    /** Judges the keys that are as they were before, on both sides, in one snapshot; gives those that are not. */
    private Map<Key, Differing> readAgain(
            GenerationPair pair, Map<Key, Differing> before, List<GenerationDifference> differences)
            throws SQLException {
        Map<Key, Differing> moving = new LinkedHashMap<>();
        for (Map.Entry<Entity, List<String>> some : byEntity(before.keySet()).entrySet()) {
            List<String> settled = new ArrayList<>();
            for (Differing now : pair.differing(some.getKey(), some.getValue())) {
                if (now.equals(before.get(key(now)))) {
                    settled.add(now.key());
                } else {
                    moving.put(key(now), now);
                }
            }
            Both both = pair.held(some.getKey(), settled);
            settled.forEach(key -> differences.add(judge(
                    some.getKey(),
                    key,
                    both.against().get(key),
                    both.candidate().get(key))));
        }
        pair.end();
        return moving;
    }

    private static Map<Entity, List<String>> byEntity(Collection<Key> keys) {
        return keys.stream()
                .collect(Collectors.groupingBy(
                        Key::entity, TreeMap::new, Collectors.mapping(Key::key, Collectors.toList())));
    }

    private static GenerationDifference judge(
            Entity entity, String key, @Nullable StoredVersion against, @Nullable StoredVersion candidate) {
        if (against == null || candidate == null) {
            return new GenerationDifference(candidate == null ? Kind.MISSING : Kind.EXTRA, entity, key, List.of());
        }
        boolean noOrder = hasNoOrder(against) && hasNoOrder(candidate);
        return new GenerationDifference(
                noOrder ? Kind.NO_ORDER : Kind.FIELD, entity, key, FieldDiff.between(against, candidate));
    }

    /** A row that was changed behind its digest has no order because nobody may have sent it. */
    private static boolean hasNoOrder(StoredVersion held) {
        return held.isIntact()
                && held.snapshot().updatedAt() == null
                && held.snapshot().version() == null;
    }

    private List<GenerationDifference> withWhatLeftTheSource(
            GenerationPair pair, List<GenerationDifference> differences) throws SQLException {
        Map<Entity, List<String>> missing = differences.stream()
                .filter(one -> one.kind() == Kind.MISSING)
                .collect(Collectors.groupingBy(
                        GenerationDifference::entity,
                        TreeMap::new,
                        Collectors.mapping(GenerationDifference::key, Collectors.toList())));
        Map<Entity, Set<String>> left = new HashMap<>();
        for (Map.Entry<Entity, List<String>> some : missing.entrySet()) {
            left.put(some.getKey(), leftTheSource(pair, some.getKey(), some.getValue()));
        }
        return differences.stream()
                .map(one -> one.kind() == Kind.MISSING && left.get(one.entity()).contains(one.key())
                        ? new GenerationDifference(Kind.LEFT_SOURCE, one.entity(), one.key(), List.of())
                        : one)
                .toList();
    }

    private Set<String> leftTheSource(GenerationPair pair, Entity entity, List<String> missing) throws SQLException {
        if (source == null || !source.isWhole() || !source.entities().contains(entity)) {
            return Set.of();
        }
        Set<String> left = pair.olderThanTheCandidatesLog(entity, missing);
        pair.end();
        if (left.isEmpty()) {
            return left;
        }
        try {
            left.removeAll(inSource(source, entity, left));
            return left;
        } catch (IOException | SQLException e) {
            sourceNotRead = "%s cannot be read: %s".formatted(source.name(), e.getMessage());
            return Set.of();
        }
    }

    private static Set<String> inSource(DataSet source, Entity entity, Set<String> keys)
            throws IOException, SQLException {
        if (source.isLive()) {
            return source.find(entity, keys).keySet();
        }
        Set<Long> hashes = keys.stream().map(KeyHash::of).collect(Collectors.toSet());
        Set<String> found = new HashSet<>();
        source.scan(entity, row -> {
            if (hashes.contains(row.keyHash())) {
                found.add(row.held().snapshot().key());
            }
        });
        return found;
    }
}
