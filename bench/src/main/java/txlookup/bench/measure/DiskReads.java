package txlookup.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a process and those that it started have read from the disk, not from the system's memory. */
public final class DiskReads {
    private static final String READ = "read_bytes: ";

    private DiskReads() {}

    /** Bytes so far, without processes that have ended; 0 where the system does not tell. */
    public static long of(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .mapToLong(process -> own(process.pid()))
                .sum();
    }

    private static long own(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "io")).stream()
                    .filter(line -> line.startsWith(READ))
                    .mapToLong(line -> Long.parseLong(line.substring(READ.length())))
                    .sum();
        } catch (IOException ended) {
            return 0;
        }
    }
}
