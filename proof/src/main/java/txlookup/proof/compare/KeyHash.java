package txlookup.proof.compare;

import java.nio.charset.StandardCharsets;

/** Spreads keys over buckets: FNV-1a over their UTF-8 bytes, then mixed, for FNV's upper bits alone spread badly. */
public final class KeyHash {
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private KeyHash() {}

    /** The hash of a key that is there as text. */
    public static long of(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return of(bytes, 0, bytes.length);
    }

    /** The hash of a key that is there as UTF-8. */
    public static long of(byte[] bytes, int from, int count) {
        long hash = BASIS;
        for (int i = from; i < from + count; i++) {
            hash = (hash ^ (bytes[i] & 0xff)) * PRIME;
        }
        return mix(hash);
    }

    /** The finishing step of MurmurHash3: every bit of the input moves half of the output's. */
    static long mix(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
