package txlookup.apply.store.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Snapshot;
import txlookup.apply.model.SnapshotOrder.Rank;
import txlookup.apply.store.copy.BinaryCopy;
import txlookup.apply.store.pairing.PairedId;

/** The newest row of each key as COPY wants it, numbered in the order in which the keys came. */
public final class EncodedRows<T extends Snapshot> {
    /** A row's number beside its place in one long; more rows than that go in the order of their keys. */
    private static final int NUMBER_BITS = 20;

    private static final int MOST_SORTED = 1 << NUMBER_BITS;

    /** Of fewer rows hardly any two are neighbours; they go in the order of their keys, in which others lock as well. */
    private static final int LEAST_SORTED = 500;

    private static final int FEW = 64;

    private static final int CHARACTERS = (Long.SIZE - 1 - NUMBER_BITS) / Byte.SIZE;

    private final BulkTable<T> table;
    private final BinaryCopy rows;
    private final List<String> keys = new ArrayList<>();
    private final List<String> neighbours = new ArrayList<>();
    private final List<@Nullable PairedId> pairings = new ArrayList<>();
    private final List<Rank> ranks = new ArrayList<>();
    private final int[] stale;
    private final int[] duplicate;
    private int[] begins = new int[FEW];
    private int[] ends = new int[FEW];
    private int[] sources = new int[FEW];
    // None while each key is higher than the one before, as in most extracts: then each is there once.
    private @Nullable Map<String, Integer> numbers;

    /** @param rows where to; nothing else must be written there before these are sent */
    EncodedRows(BulkTable<T> table, BinaryCopy rows) {
        this(table, rows, 1);
    }

    private EncodedRows(BulkTable<T> table, BinaryCopy rows, int sources) {
        this.table = table;
        this.rows = rows;
        this.stale = new int[sources];
        this.duplicate = new int[sources];
    }

    /** Those of several sources, each numbered by its place among them; of each key the newest of all. */
    static <T extends Snapshot> EncodedRows<T> together(List<EncodedRows<T>> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        int room = parts.stream().mapToInt(part -> part.rows.length()).sum();
        EncodedRows<T> all = new EncodedRows<>(parts.get(0).table, new BinaryCopy(room), parts.size());
        for (int source = 0; source < parts.size(); source++) {
            all.addAll(parts.get(source), source);
        }
        return all;
    }

    private void addAll(EncodedRows<T> part, int source) {
        stale[source] += part.stale[0];
        duplicate[source] += part.duplicate[0];
        for (int other = 0; other < part.keys.size(); other++) {
            int number = settle(
                    source,
                    part.keys.get(other),
                    part.neighbours.get(other),
                    part.pairings.get(other),
                    part.ranks.get(other));
            if (number >= 0) {
                rows.raw(part.rows, part.begins[other], part.ends[other]);
                ends[number] = rows.length();
            }
        }
    }

    void add(T row) {
        int number = settle(
                0, row.key(), table.neighbour().apply(row), table.pairing().apply(row), Rank.of(row));
        if (number >= 0) {
            table.writer().write(rows, row);
            ends[number] = rows.length();
        }
    }

    /** The number of a row that has to be written next; negative where one of its key is there that is as new. */
    private int settle(int source, String key, String neighbour, @Nullable PairedId pairing, Rank rank) {
        int number = numberOf(key);
        if (number == keys.size()) {
            keys.add(key);
            neighbours.add(neighbour);
            pairings.add(pairing);
            ranks.add(rank);
            makeRoom(number);
        } else {
            Rank other = ranks.get(number);
            boolean wins = other.compareTo(rank) < 0;
            int loser = wins ? sources[number] : source;
            if (other.digest() == rank.digest()) {
                duplicate[loser]++;
            } else {
                stale[loser]++;
            }
            if (!wins) {
                return -1;
            }
            neighbours.set(number, neighbour);
            pairings.set(number, pairing);
            ranks.set(number, rank);
        }
        sources[number] = source;
        begins[number] = rows.length();
        return number;
    }

    private int numberOf(String key) {
        int next = keys.size();
        if (numbers == null) {
            if (next == 0 || keys.get(next - 1).compareTo(key) < 0) {
                return next;
            }
            numbers = new HashMap<>();
            for (int i = 0; i < next; i++) {
                numbers.put(keys.get(i), i);
            }
        }
        Integer known = numbers.putIfAbsent(key, next);
        return known == null ? next : known;
    }

    private void makeRoom(int number) {
        if (number == ends.length) {
            begins = Arrays.copyOf(begins, 2 * number);
            ends = Arrays.copyOf(ends, 2 * number);
            sources = Arrays.copyOf(sources, 2 * number);
        }
    }

    /** The keys, each at its row's number. */
    public List<String> keys() {
        return keys;
    }

    Rank rank(int number) {
        return ranks.get(number);
    }

    /** Which payment's pairing the row may change. */
    @Nullable
    PairedId pairing(int number) {
        return pairings.get(number);
    }

    /** Whose it is: the place among the sources. */
    int source(int number) {
        return sources[number];
    }

    /** How many of each source gave way to a newer one of the same key. */
    int[] stale() {
        return stale.clone();
    }

    /** How many of each source came with the content of one of the same key. */
    int[] duplicate() {
        return duplicate.clone();
    }

    /**
     * Copies rows into their table; of many, neighbours in its most expensive index one after the other.
     *
     * @param which their numbers
     * @param beginnings what the rows of each source begin with ({@link BulkTable#beginning})
     * @return how many rows the server took
     */
    int copy(Connection connection, int[] which, List<byte[]> beginnings) throws SQLException {
        boolean many = which.length >= LEAST_SORTED && keys.size() <= MOST_SORTED;
        int[] order = many ? byNeighbour(which) : byKey(which);
        return Math.toIntExact(
                rows.send(connection, table.copyStatement(), row -> beginnings.get(sources[row]), begins, ends, order));
    }

    /**
     * Copies rows into a staging table, with the parameters of {@link #copy}, in the order of their keys: so concurrent merges
     * lock in one order and cannot deadlock.
     */
    int stage(Connection connection, String copyStatement, int[] which, List<byte[]> beginnings) throws SQLException {
        return Math.toIntExact(
                rows.send(connection, copyStatement, row -> beginnings.get(sources[row]), begins, ends, byKey(which)));
    }

    private int[] byKey(int[] which) {
        return numbers == null
                ? which
                : Arrays.stream(which)
                        .boxed()
                        .sorted(Comparator.comparing(keys::get))
                        .mapToInt(Integer::intValue)
                        .toArray();
    }

    private int[] byNeighbour(int[] which) {
        long[] places = Arrays.stream(which).asLongStream().toArray();
        sort(places, 0, places.length);
        return Arrays.stream(places).mapToInt(EncodedRows::number).toArray();
    }

    /** By as many characters as there is room for, and by those after them where these are the same. */
    private void sort(long[] places, int begin, int end) {
        int shared = sharedByNeighbours(places, begin, end);
        for (int i = begin; i < end; i++) {
            int number = number(places[i]);
            places[i] = place(neighbours.get(number), shared) | number;
        }
        Arrays.sort(places, begin, end);
        for (int from = begin, to; from < end; from = to) {
            to = from + 1;
            while (to < end && places[to] >> NUMBER_BITS == places[from] >> NUMBER_BITS) {
                to++;
            }
            // Characters beyond Latin look the same here: then it has to be enough.
            if (to - from > 2 && to - from < end - begin) {
                sort(places, from, to);
            }
        }
    }

    private static int number(long place) {
        return (int) (place & (MOST_SORTED - 1));
    }

    private static long place(String neighbour, int from) {
        long place = 0;
        for (int i = from; i < from + CHARACTERS; i++) {
            place = place << Byte.SIZE | (i < neighbour.length() ? Math.min(neighbour.charAt(i), 0xff) : 0);
        }
        return place << NUMBER_BITS;
    }

    private int sharedByNeighbours(long[] places, int begin, int end) {
        String first = neighbours.get(number(places[begin]));
        int shared = first.length();
        for (int i = begin + 1; i < end; i++) {
            String other = neighbours.get(number(places[i]));
            int same = 0;
            int most = Math.min(shared, other.length());
            while (same < most && first.charAt(same) == other.charAt(same)) {
                same++;
            }
            shared = same;
        }
        return shared;
    }
}
