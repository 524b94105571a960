package txlookup.proof.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import txlookup.apply.model.Snapshot;

/**
 * Puts the newest row of each key into signatures, of a side that repeats keys. What decides which one that is goes into
 * parts by the hash of the key, beyond 8 MB into a temporary file of 64 bytes a row, and each part is folded by itself:
 * so much memory as a thousandth of the keys needs, however often each comes.
 */
final class NewestOfEachKey implements AutoCloseable {
    private static final int PARTS_BITS = 10;
    private static final int BLOCK_BYTES = 8 * 1024;

    private final BucketChecksums signatures;
    private final List<Part> parts =
            IntStream.range(0, 1 << PARTS_BITS).mapToObj(i -> new Part()).toList();
    private final long[] entry = new long[VersionTable.WIDTH];
    private final FileChannel file;
    private long end;

    NewestOfEachKey(BucketChecksums signatures) throws IOException {
        this.signatures = signatures;
        Path path = Files.createTempFile("txlookup-verify", ".keys");
        file = FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    /** What came of a part: its last rows in memory, and the blocks before them in the file. */
    private static final class Part {
        private final ByteBuffer last = ByteBuffer.allocate(BLOCK_BYTES);
        private final List<Long> blocks = new ArrayList<>(0);
    }

    void add(Row row) {
        signatures.read();
        Snapshot snapshot = row.held().snapshot();
        VersionTable.write(entry, row.keyHash(), row.orderMicros(), snapshot);
        Part part = parts.get((int) (row.keyHash() >>> (Long.SIZE - PARTS_BITS)));
        if (!part.last.hasRemaining()) {
            spill(part);
        }
        part.last.asLongBuffer().put(entry);
        part.last.position(part.last.position() + entry.length * Long.BYTES);
    }

    private void spill(Part part) {
        part.last.flip();
        part.blocks.add(end);
        try {
            while (part.last.hasRemaining()) {
                end += file.write(part.last, end);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "what was read of the source cannot be kept in the folder for temporary files, which has to take 64 bytes a row",
                    e);
        }
        part.last.clear();
    }

    /** Puts what is the newest of its key; nothing may be added after. */
    void finish() throws IOException {
        VersionTable newest = new VersionTable();
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        for (Part part : parts) {
            for (long at : part.blocks) {
                block.clear();
                while (block.hasRemaining()) {
                    if (file.read(block, at + block.position()) < 0) {
                        throw new IOException(
                                "the temporary file was cut to %d of %d bytes".formatted(file.size(), end));
                    }
                }
                fold(block.flip(), newest);
            }
            fold(part.last.flip(), newest);
            newest.drainTo(signatures);
        }
    }

    private void fold(ByteBuffer rows, VersionTable newest) {
        for (int at = 0; at < rows.limit(); at += entry.length * Long.BYTES) {
            rows.position(at);
            rows.asLongBuffer().get(entry);
            newest.merge(entry);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
