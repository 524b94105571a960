package txlookup.rebuild.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import txlookup.local.process.LogTail;

/**
 * A server or process of the local environment.
 *
 * @param running where it answers and its process; empty while it does not run
 * @param wanted whether it was started and not stopped since
 * @param log what it writes
 */
public record LocalPart(String name, Optional<String> running, boolean wanted, Path log) {
    /** Whether it ended though nobody stopped it. */
    public boolean isDown() {
        return wanted && running.isEmpty();
    }

    /** The last line of its log that says something. */
    public Optional<String> lastLine() {
        List<String> lines = LogTail.lastLines(log, 0, 1);
        return lines.isEmpty() ? Optional.empty() : Optional.of(lines.get(0).strip());
    }
}
