package txlookup.apply.decode;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import txlookup.profiles.digest.Sha256;

/**
 * Digest of a snapshot's canonical content: the last criterion of the winning order, and what {@code verify} compares.
 * The content is the contract's fields in a fixed order, each preceded by its length (or a mark for null), decimals with
 * the scale they are stored with, times in microseconds. Unknown fields, aliases and the notation of numbers and times
 * leave no trace, so the same content has the same digest wherever it came from. A digest belongs to one thread.
 */
public final class CanonicalDigest {
    private static final int ABSENT = -1;

    private final MessageDigest sha256 = Sha256.start();
    private byte[] content = new byte[512];
    private int length;

    /** An empty digest; {@link #finish} empties it again. */
    public CanonicalDigest() {}

    CanonicalDigest text(@Nullable String value) {
        if (value == null) {
            return absent();
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return utf8(bytes, 0, bytes.length);
    }

    /** A text that is there as UTF-8, or a decimal as its plain digits. */
    public CanonicalDigest utf8(byte[] bytes, int from, int count) {
        putInt(count);
        ensure(count);
        System.arraycopy(bytes, from, content, length, count);
        length += count;
        return this;
    }

    /** A field without a value, whatever its type. */
    public CanonicalDigest absent() {
        putInt(ABSENT);
        return this;
    }

    CanonicalDigest decimal(@Nullable BigDecimal value) {
        return text(value == null ? null : value.toPlainString());
    }

    CanonicalDigest time(@Nullable Instant value) {
        return number(value == null ? null : value.getEpochSecond() * 1_000_000 + value.getNano() / 1000);
    }

    CanonicalDigest number(@Nullable Long value) {
        return value == null ? absent() : number(value.longValue());
    }

    /** An integer, or a time in microseconds since 1970. */
    public CanonicalDigest number(long value) {
        putInt(Long.BYTES);
        ensure(Long.BYTES);
        ByteBuffer.wrap(content).putLong(length, value);
        length += Long.BYTES;
        return this;
    }

    /** The first eight bytes of SHA-256, most significant first; the digest is then empty again. */
    public long finish() {
        sha256.update(content, 0, length);
        length = 0;
        return ByteBuffer.wrap(sha256.digest()).getLong();
    }

    private void putInt(int value) {
        ensure(Integer.BYTES);
        ByteBuffer.wrap(content).putInt(length, value);
        length += Integer.BYTES;
    }

    private void ensure(int more) {
        if (content.length - length < more) {
            content = Arrays.copyOf(content, Math.max(content.length * 2, length + more));
        }
    }
}
