package txlookup.backfill.source;

import com.github.luben.zstd.ZstdIOException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.ZipException;

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
    private long length;

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

    /** The number of the next line. */
    long position() {
        return line;
    }

    void skipTo(long wanted) throws IOException {
        while (line < wanted && readLine()) {
            line++;
        }
    }

    @Override
    public Chunk next(int rows, long bytes) throws IOException {
        ChunkRows chunk = new ChunkRows(rows, bytes, asOf);
        boolean more = true;
        while (chunk.hasRoom() && (more = readLine())) {
            if (length > ChunkRows.LONGEST_ROW) {
                chunk.add(line, Arrays.copyOf(pending, ChunkRows.KEPT), length);
            } else {
                byte[] content = withoutReturn();
                if (!isBlank(content)) {
                    chunk.add(line, content);
                }
            }
            line++;
        }
        String resumeFrom = resumable ? Long.toString(offset) : null;
        return chunk.chunk(line, resumeFrom, Math.max(read.position() - (to - from), 0), !more);
    }

    /**
     * Reads the next line into {@code pending}, without its end, and its length. Of a line that is too long only the
     * beginning is there, so that one without an end takes no memory. False after the last; a file need not end in a line
     * feed.
     */
    private boolean readLine() throws IOException {
        length = 0;
        while (true) {
            if (from == to && !fill()) {
                return length > 0;
            }
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            int found = end - from;
            if (length + found <= ChunkRows.LONGEST_ROW) {
                keep(found);
            }
            length += found;
            boolean complete = end < to;
            offset += found + (complete ? 1 : 0);
            from = complete ? end + 1 : end;
            if (complete) {
                return true;
            }
        }
    }

    private void keep(int found) {
        int kept = (int) length;
        if (pending.length - kept < found) {
            pending = Arrays.copyOf(pending, Math.max(pending.length * 2, kept + found));
        }
        System.arraycopy(buffer, from, pending, kept, found);
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

    private byte[] withoutReturn() {
        int end = (int) length;
        return Arrays.copyOf(pending, end > 0 && pending[end - 1] == '\r' ? end - 1 : end);
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
