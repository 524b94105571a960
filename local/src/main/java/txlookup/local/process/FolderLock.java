package txlookup.local.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Lets one thread of one process at a time start or stop what lives in a folder. The operating system releases it when
 * its holder dies, however it dies. The lock file lies beside the folder and stays: removing it would let two processes
 * hold locks on two files of one name.
 */
public final class FolderLock {
    /** Closing one channel gives up all locks of this JVM on its file, so no second one may be opened meanwhile. */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private FolderLock() {}

    public static <T> T whileHeld(Path folder, Deadline deadline, Supplier<T> work) {
        Path file = folder.resolveSibling(folder.getFileName() + ".lock");
        if (!deadline.await(() -> HELD_HERE.add(file))) {
            throw busy(folder, deadline);
        }
        try (FileChannel channel = open(file)) {
            if (!deadline.await(() -> tryLock(channel, file))) {
                throw busy(folder, deadline);
            }
            return work.get();
        } catch (IOException e) {
            throw new LocalEnvironmentException(
                    "cannot use the lock file " + file + ": " + e + "; choose a folder that this user may write", e);
        } finally {
            HELD_HERE.remove(file);
        }
    }

    private static LocalEnvironmentException busy(Path folder, Deadline deadline) {
        return new LocalEnvironmentException("another process or thread has been starting or stopping " + folder
                + " for " + deadline.given().toSeconds() + " s; wait for it or end it, then try again");
    }

    private static FileChannel open(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static boolean tryLock(FileChannel channel, Path file) {
        try {
            return channel.tryLock() != null;
        } catch (IOException e) {
            throw new LocalEnvironmentException("cannot lock " + file + ": " + e, e);
        }
    }
}
