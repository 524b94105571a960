package txlookup.backfill.source;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import txlookup.apply.Entity;
import txlookup.apply.SourceRecord;

/**
 * A file of JSON objects, one a line, plain or {@code .gz}. Rows are numbered as lines, from 1; blank lines are no rows.
 * The size is the file's own, compressed or not, so that progress tells how much of the file is read.
 *
 * @param file the file; its path as given is the input's name
 */
public record NdjsonInput(Path file, Entity entity) implements Input {
    private static final int BUFFER = 1 << 16;

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public OptionalLong size() throws IOException {
        return OptionalLong.of(Files.size(file));
    }

    private boolean isCompressed() {
        return file.toString().endsWith(".gz");
    }

    @Override
    public Reader open(long nextPosition, @Nullable String resumeFrom, Instant asOf) throws IOException {
        SeekableByteChannel channel = Files.newByteChannel(file);
        if (isCompressed()) {
            Lines lines =
                    new Lines(this, channel, new GZIPInputStream(Channels.newInputStream(channel), BUFFER), asOf, 0);
            lines.skipTo(nextPosition);
            return lines;
        }
        long offset = resumeFrom == null ? 0 : Long.parseLong(resumeFrom);
        channel.position(offset);
        Lines lines = new Lines(this, channel, Channels.newInputStream(channel), asOf, offset);
        lines.line = nextPosition;
        return lines;
    }

    private static final class Lines implements Reader {
        private final NdjsonInput input;
        private final SeekableByteChannel channel;
        private final InputStream stream;
        private final Instant asOf;
        private final byte[] buffer = new byte[BUFFER];
        private byte[] pending = new byte[1024];
        private int from;
        private int to;
        private long offset;
        private long line = 1;

        Lines(NdjsonInput input, SeekableByteChannel channel, InputStream stream, Instant asOf, long offset) {
            this.input = input;
            this.channel = channel;
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
            String resumeFrom = input.isCompressed() ? null : Long.toString(offset);
            return new Chunk(records, line, resumeFrom, bytes, channel.position() - (to - from), last);
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
            } catch (EOFException | ZipException e) {
                throw new IOException(
                        "%s is damaged after line %d: %s. Take the extract again"
                                .formatted(input.file, line - 1, e.getMessage()),
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
}
