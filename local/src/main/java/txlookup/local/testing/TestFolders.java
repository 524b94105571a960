package txlookup.local.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import txlookup.local.process.CacheFolder;

/**
 * Folders of servers that live as long as this JVM. Each is held by a file lock, which the operating system releases
 * however the JVM ends; a folder that no one holds belonged to a JVM that was killed, and is cleaned up by the next.
 */
final class TestFolders {
    private static final String HOLDER = "held-by-a-test-jvm";

    /** Kept open until this JVM ends: closing any channel on a file gives up this JVM's lock on it. */
    private static final Map<Path, FileChannel> OWN = new ConcurrentHashMap<>();

    private TestFolders() {}

    /**
     * A new folder of this JVM.
     *
     * @param cleanUp ends what still runs in an abandoned folder and deletes it
     */
    static synchronized Path newFolder(String prefix, Consumer<Path> cleanUp) {
        try {
            // One JVM at a time: a folder is never seen between its making and its being held.
            try (FileChannel turn = openToLock(CacheFolder.ofThisUser().resolve("test-folders.lock"))) {
                turn.lock();
                abandoned(prefix).forEach(cleanUp);
                Path folder = Files.createTempDirectory(prefix);
                FileChannel holder = openToLock(folder.resolve(HOLDER));
                holder.lock();
                OWN.put(folder, holder);
                return folder;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path :
                    all.sorted((first, second) -> second.compareTo(first)).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> abandoned(String prefix) throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith(prefix))
                    .filter(path -> !OWN.containsKey(path))
                    .filter(path -> Files.isWritable(path.resolve(HOLDER)))
                    .filter(TestFolders::isAbandoned)
                    .toList();
        }
    }

    private static boolean isAbandoned(Path folder) {
        try (FileChannel channel = openToLock(folder.resolve(HOLDER));
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileChannel openToLock(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
}
