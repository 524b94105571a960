package txlookup.apply.store.copy;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows in the format of {@code COPY ... FROM STDIN (FORMAT binary)}: the server parses neither times nor decimals, and
 * nothing has to be escaped.
 */
public final class BinaryCopy {
    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final byte[] END = {-1, -1};
    private static final int FLUSH_AT = 64 * 1024;
    private static final long POSTGRES_EPOCH_SECOND = 946_684_800;

    /** What one huge batch grew beyond this is given up after it; a heap of 256 MiB keeps 4 MiB. */
    static final int MOST_KEPT = (int) Math.min(16 << 20, Runtime.getRuntime().maxMemory() / 64);

    private byte[] bytes;
    private ByteBuffer buffer;

    public BinaryCopy() {
        this(2 * FLUSH_AT);
    }

    /** @param room for so many bytes at first */
    public BinaryCopy(int room) {
        bytes = new byte[room];
        buffer = ByteBuffer.wrap(bytes);
    }

    /** How one row is written behind its beginning: each column in order. */
    public interface RowWriter<T> {
        void write(BinaryCopy copy, T row);
    }

    /**
     * Sends all rows through one COPY statement; the caller's transaction decides whether they stay.
     *
     * @return how many rows the server took, by its own count
     */
    public <T> long send(Connection connection, String copyStatement, Iterable<? extends T> rows, RowWriter<T> writer)
            throws SQLException {
        buffer.clear();
        buffer.put(HEADER);
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copyStatement);
        try {
            for (T row : rows) {
                writer.write(this, row);
                if (buffer.position() >= FLUSH_AT) {
                    flushTo(copy);
                }
            }
            ensure(END.length);
            buffer.put(END);
            flushTo(copy);
            return copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    /**
     * Sends rows that were written before, and stays as it is.
     *
     * @param beginning gives what is sent before a row, by its number
     * @param begins where each row begins here, by its number
     * @param ends where it ends
     * @param order the numbers of the rows, in the order in which they are sent
     * @return how many rows the server took, by its own count
     */
    public long send(
            Connection connection,
            String copyStatement,
            IntFunction<byte[]> beginning,
            int[] begins,
            int[] ends,
            int[] order)
            throws SQLException {
        byte[] block = new byte[2 * FLUSH_AT];
        System.arraycopy(HEADER, 0, block, 0, HEADER.length);
        int filled = HEADER.length;
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copyStatement);
        try {
            for (int row : order) {
                int length = ends[row] - begins[row];
                byte[] first = beginning.apply(row);
                if (filled + first.length + length > block.length) {
                    copy.writeToCopy(block, 0, filled);
                    filled = 0;
                }
                System.arraycopy(first, 0, block, filled, first.length);
                filled += first.length;
                if (filled + length > block.length) {
                    copy.writeToCopy(block, 0, filled);
                    copy.writeToCopy(bytes, begins[row], length);
                    filled = 0;
                } else {
                    System.arraycopy(bytes, begins[row], block, filled, length);
                    filled += length;
                }
            }
            copy.writeToCopy(block, 0, filled);
            copy.writeToCopy(END, 0, END.length);
            return copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    /** Forgets what was written; the room for it stays, as far as it is usual. */
    public void clear() {
        if (bytes.length > MOST_KEPT) {
            bytes = new byte[2 * FLUSH_AT];
            buffer = ByteBuffer.wrap(bytes);
        }
        buffer.clear();
    }

    /** How many bytes there is room for. */
    int room() {
        return bytes.length;
    }

    /** How many bytes are written. */
    public int length() {
        return buffer.position();
    }

    private void flushTo(CopyIn copy) throws SQLException {
        copy.writeToCopy(bytes, 0, buffer.position());
        buffer.clear();
    }

    /** The number of a row's columns and the first two of them. */
    public static byte[] beginning(int columns, Instant first, int second) {
        return ByteBuffer.allocate(Short.BYTES + Integer.BYTES + Long.BYTES + 2 * Integer.BYTES)
                .putShort((short) columns)
                .putInt(Long.BYTES)
                .putLong(micros(first))
                .putInt(Integer.BYTES)
                .putInt(second)
                .array();
    }

    public BinaryCopy raw(byte[] written) {
        ensure(written.length);
        buffer.put(written);
        return this;
    }

    /** What was written to another one. */
    public BinaryCopy raw(BinaryCopy other, int begin, int end) {
        ensure(end - begin);
        buffer.put(other.bytes, begin, end - begin);
        return this;
    }

    public BinaryCopy bigint(@Nullable Long value) {
        return value == null ? absent() : bigint(value.longValue());
    }

    public BinaryCopy bigint(long value) {
        ensure(Integer.BYTES + Long.BYTES);
        buffer.putInt(Long.BYTES).putLong(value);
        return this;
    }

    public BinaryCopy timestamptz(@Nullable Instant value) {
        if (value == null) {
            return absent();
        }
        return bigint(micros(value));
    }

    private static long micros(Instant value) {
        return (value.getEpochSecond() - POSTGRES_EPOCH_SECOND) * 1_000_000 + value.getNano() / 1000;
    }

    public BinaryCopy text(@Nullable String value) {
        if (value == null) {
            return absent();
        }
        int length = value.length();
        ensure(Integer.BYTES + length);
        int start = buffer.position() + Integer.BYTES;
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c >= 0x80) {
                return encoded(value.getBytes(StandardCharsets.UTF_8));
            }
            bytes[start + i] = (byte) c;
        }
        buffer.putInt(length).position(start + length);
        return this;
    }

    private BinaryCopy encoded(byte[] value) {
        ensure(Integer.BYTES + value.length);
        buffer.putInt(value.length).put(value);
        return this;
    }

    public BinaryCopy numeric(@Nullable BigDecimal value) {
        if (value == null) {
            return absent();
        }
        return encoded(BinaryNumeric.encode(value));
    }

    private BinaryCopy absent() {
        ensure(Integer.BYTES);
        buffer.putInt(-1);
        return this;
    }

    private void ensure(int more) {
        if (buffer.remaining() < more) {
            int position = buffer.position();
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, position + more));
            buffer = ByteBuffer.wrap(bytes).position(position);
        }
    }
}
