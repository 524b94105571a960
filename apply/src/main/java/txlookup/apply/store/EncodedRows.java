package txlookup.apply.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import txlookup.apply.DeadLetter;
import txlookup.apply.Decoded;
import txlookup.apply.Snapshot;

/**
 * A chunk's rows as COPY wants them, each encoded as soon as it is decoded. The snapshots themselves are garbage by then:
 * keeping ten thousand of them costs more in copying by the collector, and in reaching for them again, than encoding does.
 */
final class EncodedRows<T extends Snapshot> {
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
    private final List<DeadLetter> deadLetters = new ArrayList<>(0);
    private int[] ends = new int[1024];
    private boolean rising = true;

    private EncodedRows(BulkTable<T> table, BinaryCopy rows) {
        this.table = table;
        this.rows = rows;
    }

    /**
     * Encodes the snapshots among what was decoded, and keeps the dead letters.
     *
     * @param into where to; what was there is gone, and other rows must not be encoded into it before these are copied
     */
    static <T extends Snapshot> EncodedRows<T> of(
            BulkTable<T> table,
            BinaryCopy into,
            Iterable<? extends Decoded> decoded,
            int sourceId,
            Instant ingestedAt) {
        into.clear();
        EncodedRows<T> encoded = new EncodedRows<>(table, into);
        for (Decoded one : decoded) {
            if (one instanceof DeadLetter letter) {
                encoded.deadLetters.add(letter);
            } else {
                encoded.add(table.type().cast(one), sourceId, ingestedAt);
            }
        }
        return encoded;
    }

    private void add(T row, int sourceId, Instant ingestedAt) {
        int number = keys.size();
        if (number == ends.length) {
            ends = Arrays.copyOf(ends, 2 * number);
        }
        String key = row.key();
        rising &= number == 0 || keys.get(number - 1).compareTo(key) < 0;
        keys.add(key);
        neighbours.add(table.neighbour().apply(row));
        table.writer().write(rows, row, sourceId, ingestedAt);
        ends[number] = rows.length();
    }

    /** Whether each key is there once, in the order in which locks are taken. */
    boolean isInOrder() {
        return rising;
    }

    BulkTable<T> table() {
        return table;
    }

    List<String> keys() {
        return keys;
    }

    List<DeadLetter> deadLetters() {
        return deadLetters;
    }

    /**
     * Copies the rows into their table; of many, those that are neighbours in its dearest index one after the other.
     *
     * @param but keys whose rows are left out
     */
    void copy(Connection connection, Set<String> but) throws SQLException {
        if (keys.size() > but.size()) {
            rows.send(connection, table.copyStatement(), ends, order(number -> !but.contains(keys.get(number))));
        }
    }

    private int[] order(IntPredicate wanted) {
        IntStream numbers = IntStream.range(0, keys.size());
        if (keys.size() >= LEAST_SORTED && keys.size() <= MOST_SORTED) {
            long[] places = numbers.asLongStream().toArray();
            sort(places, 0, places.length);
            numbers = Arrays.stream(places).mapToInt(EncodedRows::number);
        } else if (!rising) {
            numbers = numbers.boxed().sorted(Comparator.comparing(keys::get)).mapToInt(Integer::intValue);
        }
        return numbers.filter(wanted).toArray();
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
