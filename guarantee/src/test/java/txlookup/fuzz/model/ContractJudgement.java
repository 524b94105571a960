package txlookup.fuzz.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a record is, by docs/contract.md. */
public sealed interface ContractJudgement
        permits ContractJudgement.Row, ContractJudgement.Refused, ContractJudgement.Canary {
    /** It carries the environment's own nonce: no data. */
    record Canary() implements ContractJudgement {}

    /** A dead letter, with the contract's name of the reason. */
    record Refused(String reason) implements ContractJudgement {}

    /** docs/contract.md, Which snapshot wins: the greatest; equal ones say the same at the same time. */
    record Rank(@Nullable Instant updatedAt, @Nullable Long version, Instant time, long digest)
            implements Comparable<Rank> {
        @Override
        public int compareTo(Rank other) {
            int order = Boolean.compare(isOrdered(), other.isOrdered());
            order = order != 0 ? order : compare(updatedAt, other.updatedAt);
            order = order != 0 ? order : compare(version, other.version);
            order = order != 0 ? order : time.compareTo(other.time);
            return order != 0 ? order : Long.compare(digest, other.digest);
        }

        private boolean isOrdered() {
            return updatedAt != null || version != null;
        }

        private static <T extends Comparable<T>> int compare(@Nullable T a, @Nullable T b) {
            return a == null || b == null ? Boolean.compare(a != null, b != null) : a.compareTo(b);
        }
    }

    /**
     * A snapshot.
     *
     * @param fields the contract's fields in its order: key first, {@code updated_at} and {@code version} last
     * @param time the record's own
     */
    record Row(boolean ledger, List<@Nullable Object> fields, Instant time) implements ContractJudgement {
        public String key() {
            return (String) fields.get(0);
        }

        public @Nullable Instant updatedAt() {
            return (Instant) fields.get(fields.size() - 2);
        }

        public @Nullable Long version() {
            return (Long) fields.get(fields.size() - 1);
        }

        /** Whether this snapshot wins over the other. */
        public boolean beats(Row other) {
            return rank().compareTo(other.rank()) > 0;
        }

        Rank rank() {
            return new Rank(updatedAt(), version(), time, digest());
        }

        /** First 8 bytes of SHA-256 of the content: each field after its length, -1 for none. */
        public long digest() {
            List<byte[]> contents = fields.stream().map(Row::content).toList();
            ByteBuffer bytes = ByteBuffer.allocate(contents.stream()
                    .mapToInt(content -> Integer.BYTES + content.length)
                    .sum());
            for (int i = 0; i < contents.size(); i++) {
                bytes.putInt(fields.get(i) == null ? -1 : contents.get(i).length)
                        .put(contents.get(i));
            }
            try {
                return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes.array()))
                        .getLong();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java platform has SHA-256", e);
            }
        }

        private static byte[] content(@Nullable Object field) {
            if (field == null) {
                return new byte[0];
            }
            if (field instanceof Long || field instanceof Instant) {
                return ByteBuffer.allocate(Long.BYTES)
                        .putLong(field instanceof Long number ? number : micros((Instant) field))
                        .array();
            }
            return shown(field).getBytes(StandardCharsets.UTF_8);
        }

        /** A field as the store writes it; times in microseconds since 1970. */
        public static String shown(Object field) {
            if (field instanceof Instant time) {
                return Long.toString(micros(time));
            }
            return field instanceof java.math.BigDecimal decimal ? decimal.toPlainString() : field.toString();
        }

        static long micros(Instant time) {
            return time.getEpochSecond() * 1_000_000 + time.getNano() / 1000;
        }
    }
}
