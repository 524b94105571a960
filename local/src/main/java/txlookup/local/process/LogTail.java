package txlookup.local.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The last lines of a log file, for errors. */
public final class LogTail {
    private static final int MOST_BYTES = 32 * 1024;

    private static final Pattern NOTHING_SAID = Pattern.compile("\\s*|\\s+(at |\\.\\.\\.).*");

    private LogTail() {}

    /** Where the log ends now: what is written from here on belongs to the start that follows. */
    public static long end(Path logFile) {
        try {
            return Files.size(logFile);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new LocalEnvironmentException("cannot read the log file " + logFile + ": " + e, e);
        }
    }

    /** What was written since, at most its last 32 KiB. */
    public static String since(Path logFile, long position) {
        try (SeekableByteChannel log = Files.newByteChannel(logFile)) {
            log.position(Math.max(position, log.size() - MOST_BYTES));
            ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES);
            while (bytes.hasRemaining() && log.read(bytes) >= 0) {}
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new LocalEnvironmentException("cannot read the log file " + logFile + ": " + e, e);
        }
    }

    /** Blank lines and the frames of stack traces left out: the lines that say something. */
    public static List<String> lastLines(Path logFile, long position, int count) {
        List<String> lines = since(logFile, position)
                .lines()
                .filter(line -> !NOTHING_SAID.matcher(line).matches())
                .toList();
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }

    /** For the end of an error message: the lines, each on one of its own, or that there are none. */
    public static String quote(Path logFile, long position, int count) {
        List<String> lines = lastLines(logFile, position, count);
        return lines.isEmpty()
                ? " (it wrote nothing to " + logFile + ")"
                : "\nlast lines of " + logFile + ":\n  " + String.join("\n  ", lines);
    }
}
