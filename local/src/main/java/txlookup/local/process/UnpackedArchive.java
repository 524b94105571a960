package txlookup.local.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * A .tar.xz as a folder. It is unpacked beside its place and renamed into it whole, so that whoever finds the folder
 * finds all of it, however many processes do this at once and wherever one of them is killed.
 */
public final class UnpackedArchive {
    private static final String UNFINISHED = ".unpacking-";
    private static final Duration SURELY_ABANDONED = Duration.ofHours(1);
    private static final int EXECUTABLE_BITS = 0111;

    private UnpackedArchive() {}

    public static void provide(Path folder, Supplier<InputStream> archive) {
        if (Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.createDirectories(folder.getParent());
            removeAbandoned(folder);
            Path unfinished = Files.createTempDirectory(folder.getParent(), folder.getFileName() + UNFINISHED);
            try {
                unpack(archive, unfinished);
                Files.setPosixFilePermissions(unfinished, permissions(true));
                moveIntoPlace(unfinished, folder);
            } finally {
                Folders.deleteIfThere(unfinished);
            }
        } catch (IOException e) {
            throw new LocalEnvironmentException(
                    "cannot unpack to " + folder + ": " + e + "; is the disk full, may this user write there?", e);
        }
    }

    private static void unpack(Supplier<InputStream> archive, Path target) throws IOException {
        try (InputStream packed = archive.get();
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(packed))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("the archive's entry " + entry.getName() + " points out of its folder");
                }
                Files.createDirectories(entry.isDirectory() ? path : path.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else if (!entry.isDirectory()) {
                    Files.copy(tar, path);
                    Files.setPosixFilePermissions(path, permissions((entry.getMode() & EXECUTABLE_BITS) != 0));
                }
            }
        }
    }

    /** Readable by all: the server may run as another user than the one who unpacks. */
    private static Set<PosixFilePermission> permissions(boolean executable) {
        Set<PosixFilePermission> permissions = EnumSet.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.OTHERS_READ);
        if (executable) {
            permissions.addAll(List.of(
                    PosixFilePermission.OWNER_EXECUTE,
                    PosixFilePermission.GROUP_EXECUTE,
                    PosixFilePermission.OTHERS_EXECUTE));
        }
        return permissions;
    }

    private static void moveIntoPlace(Path unfinished, Path folder) throws IOException {
        try {
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (FileSystemException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            } // else another process was faster, and its folder is as good
        }
    }

    private static void removeAbandoned(Path folder) throws IOException {
        String prefix = folder.getFileName() + UNFINISHED;
        Instant longAgo = Instant.now().minus(SURELY_ABANDONED);
        try (Stream<Path> siblings = Files.list(folder.getParent())) {
            for (Path sibling : siblings.filter(
                            path -> path.getFileName().toString().startsWith(prefix))
                    .toList()) {
                if (Files.getLastModifiedTime(sibling).toInstant().isBefore(longAgo)) {
                    Folders.deleteIfThere(sibling);
                }
            }
        }
    }
}
