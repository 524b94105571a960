package txlookup.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Processor time of a process with all its descendants, also of those that have ended. Where others use the machine too,
 * it says more than the clock.
 */
public final class ProcessorTime {
    private static final double TICKS_A_SECOND = 100;

    private ProcessorTime() {}

    /** Seconds so far. */
    public static double of(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        return Stream.concat(Stream.of(process), process.descendants())
                .mapToDouble(ProcessorTime::own)
                .sum();
    }

    private static double own(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = 0;
            for (int field = 11; field <= 14; field++) { // user and system, its own and of the children that ended
                ticks += Long.parseLong(fields[field]);
            }
            return ticks / TICKS_A_SECOND;
        } catch (IOException ended) {
            return 0; // its parent counts it from now on
        }
    }
}
