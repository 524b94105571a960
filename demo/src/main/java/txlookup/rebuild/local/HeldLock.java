package txlookup.rebuild.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import txlookup.local.process.LocalEnvironmentException;

/** A file that one process at a time holds, and that says which. The system lets go of it when the process ends. */
final class HeldLock implements AutoCloseable {
    private final FileChannel channel;

    private HeldLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws LocalEnvironmentException when another process holds it */
    static HeldLock take(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (!isFree(channel)) {
            byte[] holder = Files.readAllBytes(file);
            channel.close();
            throw new LocalEnvironmentException(
                    "Another txlookup (process %s) works on %s; let it end, or end it with Ctrl-C"
                            .formatted(
                                    new String(holder, StandardCharsets.US_ASCII),
                                    file.getParent().getParent()));
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        return new HeldLock(channel);
    }

    private static boolean isFree(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // this process has it
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
