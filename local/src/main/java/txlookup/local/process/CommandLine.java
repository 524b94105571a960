package txlookup.local.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a running process was started as. */
public final class CommandLine {
    private CommandLine() {}

    /** Program and arguments; empty for a process that has ended or shows none. */
    public static List<String> of(long pid) {
        Path proc = Path.of("/proc", Long.toString(pid));
        if (Files.isDirectory(proc)) {
            // Java's own list is cut at one memory page and needs the right to read the program's link.
            try {
                byte[] bytes = Files.readAllBytes(proc.resolve("cmdline"));
                return List.of(new String(bytes, StandardCharsets.UTF_8).split("\0", -1));
            } catch (NoSuchFileException e) {
                return List.of();
            } catch (IOException e) {
                if (ProcessHandle.of(pid).isEmpty()) {
                    return List.of();
                }
                throw new LocalEnvironmentException("cannot see what process " + pid + " is: " + e, e);
            }
        }
        return ProcessHandle.of(pid).map(ProcessHandle::info).stream()
                .flatMap(info -> Stream.concat(
                        info.command().stream(), info.arguments().stream().flatMap(Stream::of)))
                .toList();
    }
}
