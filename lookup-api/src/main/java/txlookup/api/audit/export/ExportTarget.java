package txlookup.api.audit.export;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A place that keeps files by name and never changes one: a folder, or a container of blobs. */
public interface ExportTarget extends Closeable {
    /** What the store remembers this place by. */
    String address();

    Optional<byte[]> read(String name) throws IOException;

    /** Keeps a file, whole or not at all; false when there is one of that name, which stays as it is. */
    boolean create(String name, byte[] content) throws IOException;

    /** The names of the files in a folder of it, in their order. */
    List<String> names(String folder) throws IOException;

    @Override
    default void close() throws IOException {}
}
