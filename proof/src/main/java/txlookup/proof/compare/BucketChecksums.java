package txlookup.proof.compare;

import java.util.BitSet;

/**
 * The rows of one side in buckets by the hash of their key, each bucket in three numbers: count, XOR and sum of a hash of
 * key and content. XOR alone would hide a pair of equal rows, the sum alone some swaps. One thread fills it.
 */
final class BucketChecksums {
    private static final int COUNT = 0;
    private static final int XOR = 1;
    private static final int SUM = 2;
    private static final int WIDTH = 4;

    private final int bits;
    private final long[] numbers;
    private final BitSet suspect = new BitSet();
    private final Window window;
    private long rows;
    private long unsettled;

    BucketChecksums(int bits, Window window) {
        this.bits = bits;
        this.numbers = new long[WIDTH << bits];
        this.window = window;
    }

    void add(Row row) {
        read();
        if (!row.isIntact()) {
            suspect.set(bucket(row.keyHash(), bits));
        }
        put(row.keyHash(), row.digest(), row.orderMicros());
    }

    /** Counts a row that was read, whether or not it is the newest of its key. */
    void read() {
        rows++;
    }

    /** The newest row of a key. */
    void put(long keyHash, long digest, long orderMicros) {
        if (!window.covers(orderMicros)) {
            unsettled++;
            return;
        }
        int at = bucket(keyHash, bits) * WIDTH;
        long hash = KeyHash.mix(keyHash * 31 + digest);
        numbers[at + COUNT]++;
        numbers[at + XOR] ^= hash;
        numbers[at + SUM] += hash;
    }

    static int bucket(long keyHash, int bits) {
        return (int) (keyHash >>> (Long.SIZE - bits));
    }

    /**
     * Buckets that differ, and those with a row that contradicts itself.
     *
     * @param isWhole whether this side should have a row in every bucket in which the other has one
     */
    BitSet differing(BucketChecksums other, boolean isWhole) {
        BitSet differing = new BitSet();
        for (int bucket = 0; bucket < 1 << bits; bucket++) {
            int at = bucket * WIDTH;
            if (!isWhole && numbers[at + COUNT] == 0) {
                continue;
            }
            if (numbers[at + COUNT] != other.numbers[at + COUNT]
                    || numbers[at + XOR] != other.numbers[at + XOR]
                    || numbers[at + SUM] != other.numbers[at + SUM]) {
                differing.set(bucket);
            }
        }
        differing.or(suspect);
        differing.or(other.suspect);
        return differing;
    }

    /** How many settled rows a bucket has. */
    long rows(int bucket) {
        return numbers[bucket * WIDTH + COUNT];
    }

    long rows() {
        return rows;
    }

    long unsettled() {
        return unsettled;
    }
}
