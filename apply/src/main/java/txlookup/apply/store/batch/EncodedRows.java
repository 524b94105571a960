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

    private static final int CHARACTERS = (Long.SIZE - 1 - NUMBER_BITS) / Byte.SIZE;

    private final BulkTable<T> table;
    private final BinaryCopy rows;
    private final List<String> keys = new ArrayList<>();
    private final List<String> neighbours = new ArrayList<>();
    private final List<@Nullable PairedId> pairings = new ArrayList<>();
    private final List<Rank> ranks = new ArrayList<>();
    private int[] begins = new int[1024];
    private int[] ends = new int[1024];
    private int stale;
    private int duplicate;
    // None while each key is higher than the one before, as in most extracts: then each is there once.
    private @Nullable Map<String, Integer> numbers;

    /** @param rows where to; nothing else must be written there before these are sent */
    EncodedRows(BulkTable<T> table, BinaryCopy rows) {
        this.table = table;
        this.rows = rows;
    }

    void add(T row) {
        String key = row.key();
        Rank rank = Rank.of(row);
        int number = numberOf(key);
        if (number == keys.size()) {
            keys.add(key);
            neighbours.add(table.neighbour().apply(row));
            pairings.add(table.pairing().apply(row));
            ranks.add(rank);
        } else {
            Rank other = ranks.get(number);
            if (other.digest() == rank.digest()) {
                duplicate++;
            } else {
                stale++;
            }
            if (other.compareTo(rank) >= 0) {
                return;
            }
            neighbours.set(number, table.neighbour().apply(row));
            pairings.set(number, table.pairing().apply(row));
            ranks.set(number, rank);
        }
        write(number, row);
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

    private void write(int number, T row) {
        if (number == ends.length) {
            begins = Arrays.copyOf(begins, 2 * number);
            ends = Arrays.copyOf(ends, 2 * number);
        }
        begins[number] = rows.length();
        table.writer().write(rows, row);
        ends[number] = rows.length();
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

    /** How many gave way to a newer one of the same key. */
    int stale() {
        return stale;
    }

    /** How many came with the content of one of the same key. */
    int duplicate() {
        return duplicate;
    }

    /**
     * Copies rows into their table; of many, neighbours in its most expensive index one after the other.
     *
     * @param which their numbers
     * @param beginning what each row begins with ({@link BulkTable#beginning})
     * @return how many rows the server took
     */
    int copy(Connection connection, int[] which, byte[] beginning) throws SQLException {
        boolean many = which.length >= LEAST_SORTED && keys.size() <= MOST_SORTED;
        int[] order = many ? byNeighbour(which) : byKey(which);
        return Math.toIntExact(rows.send(connection, table.copyStatement(), beginning, begins, ends, order));
    }

    /**
     * Copies rows into a staging table, with the parameters of {@link #copy}, in the order of their keys: so concurrent merges
     * lock in one order and cannot deadlock.
     */
    int stage(Connection connection, String copyStatement, int[] which, byte[] beginning) throws SQLException {
        return Math.toIntExact(rows.send(connection, copyStatement, beginning, begins, ends, byKey(which)));
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
