package txlookup.backfill.source;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of an extract, on this machine or elsewhere. */
public interface ExtractFile {
    /** How coverage, dead letters and messages name it; the same whenever it is looked up. */
    String name();

    /** In bytes, compressed as it is. */
    long size() throws IOException;

    /** Opens it at its first byte. */
    SeekableByteChannel open() throws IOException;

    /** A file of this machine. */
    record Local(Path path) implements ExtractFile {
        @Override
        public String name() {
            return path.toString();
        }

        @Override
        public long size() throws IOException {
            return Files.size(path);
        }

        @Override
        public SeekableByteChannel open() throws IOException {
            return Files.newByteChannel(path);
        }
    }
}
