package txlookup.backfill.source;

import com.github.luben.zstd.ZstdIOException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import txlookup.apply.SourceRecord;

/** Cuts a stream of JSON lines into chunks of rows. */
final class NdjsonLines implements Input.Reader {
    private static final int BUFFER = 1 << 16;

    private final String name;
    private final boolean resumable;
    private final Read read;
    private final InputStream stream;
    private final Instant asOf;
    private final byte[] buffer = new byte[BUFFER];
    private byte[] pending = new byte[1024];
    private int from;
    private int to;
    private long offset;
    private long line;

    /** How far the input was read, in the unit of its size. */
    interface Read {
        long position() throws IOException;
    }

    /**
     * @param name the input's name, for messages
     * @param resumable whether {@code offset} tells where to go on; otherwise rows are counted
     * @param line the number of the line at {@code offset}
     */
    NdjsonLines(String name, boolean resumable, Read read, InputStream stream, Instant asOf, long line, long offset) {
        this.name = name;
        this.resumable = resumable;
        this.read = read;
        this.line = line;
        this.stream = stream;
        this.asOf = asOf;
        this.offset = offset;
    }

    void skipTo(long wanted) throws IOException {
        while (line < wanted && nextLine() != null) {
            line++;
        }
    }

    @Override
    public Chunk next(int rows) throws IOException {
        List<SourceRecord> records = new ArrayList<>(rows);
        long bytes = 0;
        byte[] content = null;
        while (records.size() < rows && (content = nextLine()) != null) {
            if (!isBlank(content)) {
                records.add(new SourceRecord(line, asOf, content));
                bytes += content.length;
            }
            line++;
        }
        boolean last = records.size() < rows && content == null;
        String resumeFrom = resumable ? Long.toString(offset) : null;
        return new Chunk(records, line, resumeFrom, bytes, Math.max(read.position() - (to - from), 0), last);
    }

    /** The next line without its end; null after the last. A file need not end in a line feed. */
    private byte @Nullable [] nextLine() throws IOException {
        int length = 0;
        while (true) {
            if (from == to && !fill()) {
                return length == 0 ? null : withoutReturn(length);
            }
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            int found = end - from;
            if (pending.length - length < found) {
                pending = Arrays.copyOf(pending, Math.max(pending.length * 2, length + found));
            }
            System.arraycopy(buffer, from, pending, length, found);
            length += found;
            boolean complete = end < to;
            offset += found + (complete ? 1 : 0);
            from = complete ? end + 1 : end;
            if (complete) {
                return withoutReturn(length);
            }
        }
    }

    private boolean fill() throws IOException {
        try {
            from = 0;
            to = Math.max(stream.read(buffer), 0);
            return to > 0;
        } catch (EOFException | ZipException | ZstdIOException e) {
            throw new IOException(
                    "%s is damaged after line %d: %s. Take the extract again".formatted(name, line - 1, e.getMessage()),
                    e);
        }
    }

    private byte[] withoutReturn(int length) {
        int end = length > 0 && pending[length - 1] == '\r' ? length - 1 : length;
        return Arrays.copyOf(pending, end);
    }

    private static boolean isBlank(byte[] content) {
        for (byte b : content) {
            if (b != ' ' && b != '\t') {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
