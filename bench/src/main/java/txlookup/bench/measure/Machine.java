package txlookup.bench.measure;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The machine, in a line: figures mean nothing without it. */
public final class Machine {
    private Machine() {}

    public static String describe() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return "%d processors, %d GiB, %s %s, Java %s, load %.1f before the start; broker, database and clients share it"
                .formatted(
                        system.getAvailableProcessors(),
                        Math.round(system.getTotalMemorySize() / (double) (1 << 30)),
                        system.getName(),
                        system.getArch(),
                        Runtime.version().feature(),
                        system.getSystemLoadAverage());
    }
}
