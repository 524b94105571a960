package txlookup.local.process;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;

/** Whole folders: deleting one, looking whether one is empty. */
public final class Folders {
    private Folders() {}

    /** Deletes a folder with all in it, following no link; what another process deletes meanwhile is fine. */
    public static void deleteIfThere(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Deletes what a killed maker of the folder left beside it, under the folder's name and the marker. */
    public static void deleteUnfinished(Path folder, String marker, Deadline deadline) throws IOException {
        String prefix = folder.getFileName() + marker;
        try (Stream<Path> siblings = Files.list(folder.getParent())) {
            for (Path sibling : siblings.filter(
                            path -> path.getFileName().toString().startsWith(prefix))
                    .toList()) {
                deleteWhileItGrows(sibling, deadline);
            }
        }
    }

    /** A program that outlived its starter for a moment may still write into the folder. */
    private static void deleteWhileItGrows(Path folder, Deadline deadline) throws IOException {
        while (true) {
            try {
                deleteIfThere(folder);
                return;
            } catch (DirectoryNotEmptyException e) {
                if (deadline.passed()) {
                    throw e;
                }
                Deadline.pause();
            }
        }
    }

    public static boolean isMissingOrEmpty(Path folder) {
        if (!Files.exists(folder)) {
            return true;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        } catch (IOException e) {
            throw new LocalEnvironmentException("cannot read the folder " + folder + ": " + e, e);
        }
    }
}
