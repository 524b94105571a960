package txlookup.local.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import txlookup.local.process.CommandLine;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.local.process.ProcessIdentity;

/**
 * The lock file that a server keeps in its data folder (lines as in PostgreSQL's utils/pidfile.h).
 *
 * @param port 0 while the server has not written it yet
 * @param status empty while the server has not written it yet; else starting, ready, stopping or standby
 */
record PostmasterFile(ProcessIdentity process, int port, String status) {
    static final String NAME = "postmaster.pid";

    private static final int PID_LINE = 0;
    private static final int PORT_LINE = 3;
    private static final int STATUS_LINE = 7;

    /** The server that runs on this data folder now; empty for no file, a stale one, or one whose id was given away. */
    static Optional<PostmasterFile> ofRunningServer(Path dataFolder) {
        List<String> lines = lines(dataFolder);
        if (lines.isEmpty() || lines.get(PID_LINE).isBlank()) {
            return Optional.empty();
        }
        return ProcessIdentity.of(pid(lines, dataFolder))
                .filter(process -> isServerOf(process, dataFolder))
                .map(process -> new PostmasterFile(process, port(lines), line(lines, STATUS_LINE)));
    }

    /**
     * Removes a lock file whose process id now belongs to a stranger. PostgreSQL itself overcomes a dead id, but takes
     * any living process of its own user for a server, and would refuse to start.
     */
    static void removeIfNotOfServer(Path dataFolder) {
        if (ofRunningServer(dataFolder).isEmpty()) {
            try {
                Files.deleteIfExists(dataFolder.resolve(NAME));
            } catch (IOException e) {
                throw new LocalEnvironmentException(
                        "cannot remove the stale " + dataFolder.resolve(NAME) + ": " + e, e);
            }
        }
    }

    boolean isReady() {
        return status.equals("ready") && port > 0;
    }

    private static List<String> lines(Path dataFolder) {
        Path file = dataFolder.resolve(NAME);
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new LocalEnvironmentException(
                    "cannot read " + file + ": " + e + "; was the server started by another user?", e);
        }
    }

    private static long pid(List<String> lines, Path dataFolder) {
        try {
            // Negative for a server in single-user mode, which holds the folder just as well.
            return Math.abs(Long.parseLong(lines.get(PID_LINE).strip()));
        } catch (NumberFormatException e) {
            throw new LocalEnvironmentException(
                    dataFolder.resolve(NAME) + " begins with '" + lines.get(PID_LINE) + "', not with a process id", e);
        }
    }

    private static int port(List<String> lines) {
        String port = line(lines, PORT_LINE);
        return port.isEmpty() ? 0 : Integer.parseInt(port);
    }

    private static String line(List<String> lines, int number) {
        return lines.size() > number ? lines.get(number).strip() : "";
    }

    /** A server keeps the command line it was started with; its children overwrite theirs. */
    private static boolean isServerOf(ProcessIdentity process, Path dataFolder) {
        List<String> arguments = CommandLine.of(process.pid());
        for (int i = 0; i + 1 < arguments.size(); i++) {
            if (arguments.get(i).equals("-D") && isSameFolder(arguments.get(i + 1), dataFolder)) {
                return arguments.get(0).endsWith("postgres");
            }
        }
        return false;
    }

    private static boolean isSameFolder(String argument, Path dataFolder) {
        Path folder = Path.of(argument);
        try {
            return folder.equals(dataFolder) || Files.isSameFile(folder, dataFolder);
        } catch (IOException e) {
            return false; // one of them is not there, or not to be seen: not the same
        }
    }
}
