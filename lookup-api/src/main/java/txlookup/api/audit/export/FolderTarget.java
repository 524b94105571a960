package txlookup.api.audit.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder on this machine or mounted into it. One process at a time writes to it; others may read. */
public final class FolderTarget implements ExportTarget {
    private static final String LOCK = ".lock";
    private static final String HALF = ".half";

    private final Path folder;
    private final @Nullable FileChannel lock;

    private FolderTarget(Path folder, @Nullable FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    public static FolderTarget toRead(Path folder) {
        return new FolderTarget(folder.toAbsolutePath().normalize(), null);
    }

    /** @throws IOException also when another process writes to it */
    public static FolderTarget toWrite(Path folder) throws IOException {
        Files.createDirectories(folder);
        FileChannel channel =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isTaken(channel)) {
            channel.close();
            throw new IOException("Another process exports to %s. Wait for it, or stop it.".formatted(folder));
        }
        return new FolderTarget(folder.toAbsolutePath().normalize(), channel);
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock taken = channel.tryLock();
            return taken != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public String address() {
        return folder.toUri().toString();
    }

    @Override
    public Optional<byte[]> read(String name) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(folder.resolve(name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean create(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        if (Files.exists(file)) {
            return false;
        }
        Files.createDirectories(file.getParent());
        Path half = file.resolveSibling(file.getFileName() + HALF);
        try (FileChannel written = FileChannel.open(
                half, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                written.write(bytes);
            }
            written.force(true);
        }
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel parent = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            parent.force(true); // the name as well, before the store is told
        }
        return true;
    }

    @Override
    public List<String> names(String inner) throws IOException {
        Path listed = folder.resolve(inner);
        if (!Files.isDirectory(listed)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(listed)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(HALF))
                    .sorted()
                    .map(name -> inner + "/" + name)
                    .toList();
        }
    }

    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
    }
}
