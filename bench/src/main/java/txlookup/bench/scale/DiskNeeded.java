package txlookup.bench.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a store needs of the disk while it is loaded, beside what is there. */
public final class DiskNeeded {
    // With its order, indexes included; until a point has measured it.
    private static final double ASSUMED_BYTES_AN_ENTRY = 600;

    // While an index is made, its sort lies beside what is there already.
    private static final double WHILE_INDEXES_ARE_MADE = 1.3;

    private static final double LOG_BYTES = 9e9;
    private static final double FILE_BYTES_AN_ENTRY = 420;

    private DiskNeeded() {}

    /** @throws IllegalStateException saying what is needed and what is there */
    public static void require(Path folder, FinishedPhases finished, ScalePoint point, boolean files)
            throws IOException {
        double each = finished.bytesAnEntry().orElse(ASSUMED_BYTES_AN_ENTRY);
        double log = Math.min(LOG_BYTES, 2 * each * point.entries());
        double needed = point.entries() * (each * WHILE_INDEXES_ARE_MADE + (files ? FILE_BYTES_AN_ENTRY : 0)) + log;
        long free = Files.getFileStore(folder).getUsableSpace();
        if (needed > free) {
            throw new IllegalStateException(
                    "%s needs about %.1f GB in %s (%.0f bytes an entry, %s, three tenths more while indexes are made, and the log), and %.1f GB are free. Name another folder with --data, or smaller --sizes"
                            .formatted(
                                    point.name(),
                                    needed / 1e9,
                                    folder,
                                    each,
                                    finished.bytesAnEntry().isPresent() ? "as measured" : "assumed",
                                    free / 1e9));
        }
    }
}
