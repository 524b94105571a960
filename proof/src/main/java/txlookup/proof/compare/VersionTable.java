package txlookup.proof.compare;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Snapshot;
import txlookup.apply.model.Snapshot.Origin;

/**
 * The newest version of each key, as numbers: a hash table with open addressing. Keys are told apart by their hash alone;
 * two that share one would only make their bucket differ, and there rows are compared by their keys.
 */
final class VersionTable {
    /** An entry's numbers: hash of the key, which of the next two there are, and what decides in its order. */
    static final int WIDTH = 8;

    private static final int HASH = 0;
    private static final int GIVEN = 1;
    private static final int UPDATED_AT = 2;
    private static final int VERSION = 3;
    private static final int SOURCE_SECONDS = 4;
    private static final int SOURCE_NANOS = 5;
    private static final int DIGEST = 6;
    private static final int ORDER = 7;

    private static final long ENTRY = 1;
    private static final long HAS_UPDATED_AT = 2;
    private static final long HAS_VERSION = 4;

    private static final int FIRST_ENTRIES = 1 << 12;

    private long[] table = new long[FIRST_ENTRIES * WIDTH];
    private int size;

    static void write(long[] entry, long keyHash, long orderMicros, Snapshot snapshot) {
        Origin origin = snapshot.origin();
        Instant sourceTime = origin.time();
        @Nullable Instant updatedAt = snapshot.updatedAt();
        @Nullable Long version = snapshot.version();
        entry[HASH] = keyHash;
        entry[GIVEN] = ENTRY | (updatedAt == null ? 0 : HAS_UPDATED_AT) | (version == null ? 0 : HAS_VERSION);
        entry[UPDATED_AT] = updatedAt == null ? 0 : updatedAt.getEpochSecond() * 1_000_000 + updatedAt.getNano() / 1000;
        entry[VERSION] = version == null ? 0 : version;
        entry[SOURCE_SECONDS] = sourceTime.getEpochSecond();
        entry[SOURCE_NANOS] = sourceTime.getNano();
        entry[DIGEST] = origin.digest();
        entry[ORDER] = orderMicros;
    }

    void merge(long[] entry) {
        if (size * 2 * WIDTH >= table.length) {
            grow();
        }
        int at = find(table, entry[HASH]);
        if (table[at + GIVEN] == 0) {
            size++;
        } else if (!wins(entry, at)) {
            return;
        }
        System.arraycopy(entry, 0, table, at, WIDTH);
    }

    /** Where a key's entry is or belongs. Not by the upper bits, which all keys of a part share. */
    private static int find(long[] table, long keyHash) {
        int entries = table.length / WIDTH;
        int slot = (int) keyHash & (entries - 1);
        while (table[slot * WIDTH + GIVEN] != 0 && table[slot * WIDTH + HASH] != keyHash) {
            slot = (slot + 1) & (entries - 1);
        }
        return slot * WIDTH;
    }

    /** As {@link txlookup.apply.model.SnapshotOrder} has it. */
    private boolean wins(long[] entry, int at) {
        int order = Long.compare(entry[GIVEN] & HAS_UPDATED_AT, table[at + GIVEN] & HAS_UPDATED_AT);
        order = order != 0 ? order : Long.compare(entry[UPDATED_AT], table[at + UPDATED_AT]);
        order = order != 0 ? order : Long.compare(entry[GIVEN] & HAS_VERSION, table[at + GIVEN] & HAS_VERSION);
        for (int number : new int[] {VERSION, SOURCE_SECONDS, SOURCE_NANOS, DIGEST}) {
            order = order != 0 ? order : Long.compare(entry[number], table[at + number]);
        }
        return order > 0;
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        for (int at = 0; at < table.length; at += WIDTH) {
            if (table[at + GIVEN] != 0) {
                System.arraycopy(table, at, larger, find(larger, table[at + HASH]), WIDTH);
            }
        }
        table = larger;
    }

    /** Gives all entries to the signatures and is empty again. */
    void drainTo(BucketChecksums signatures) {
        for (int at = 0; at < table.length; at += WIDTH) {
            if (table[at + GIVEN] != 0) {
                signatures.put(table[at + HASH], table[at + DIGEST], table[at + ORDER]);
                table[at + GIVEN] = 0;
            }
        }
        size = 0;
    }
}
