package txlookup.api.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import txlookup.profiles.digest.Sha256;

/**
 * What chains audit rows: SHA-256 over the previous hash and each column as text in UTF-8, in the order of the table's
 * columns, each after its length in bytes as a 32-bit number (-1 for null; roles as their number, then each). Times are
 * microseconds since 1970. {@code audit_id} is the database's and left out; along a chain it can only grow.
 */
public final class AuditHash {
    static final int BYTES = 32;

    private final MessageDigest digest = Sha256.start();

    private AuditHash() {}

    public static byte[] of(long chainId, long sequence, byte[] previous, AuditRow row) {
        AuditHash hash = new AuditHash();
        hash.digest.update(previous);
        hash.add(chainId);
        hash.add(sequence);
        hash.add(micros(row.at()));
        hash.add(row.actor());
        hash.add(row.roles().size());
        row.roles().forEach(hash::add);
        hash.add(row.ip());
        hash.add(row.userAgent());
        hash.add(row.action());
        hash.add(row.resourceType());
        hash.add(row.resourceId());
        hash.add(row.method());
        hash.add(row.path());
        hash.add(row.query());
        hash.add(row.result().name());
        hash.add(row.statusCode());
        hash.add(row.durationMs());
        hash.add(row.resultCount());
        hash.add(row.correlationId());
        hash.add(row.generation() == null ? null : row.generation().toString());
        return hash.digest.digest();
    }

    /** What a chain starts from, as {@code bo.start_audit_chain} computes it. */
    public static byte[] ofStart(long chainId, Instant startedAt, String writer, byte[] previous) {
        AuditHash hash = new AuditHash();
        hash.digest.update(previous);
        hash.digest.update((chainId + "|" + micros(startedAt) + "|" + writer).getBytes(UTF_8));
        return hash.digest.digest();
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private void add(long number) {
        add(Long.toString(number));
    }

    private void add(@Nullable String text) {
        byte[] bytes = text == null ? new byte[0] : text.getBytes(UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES)
                .putInt(text == null ? -1 : bytes.length)
                .array());
        digest.update(bytes);
    }
}
