package txlookup.local.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process on this machine that outlives the JVM that started it. It runs in a session of its own, out of reach of
 * Ctrl-C in the terminal, writes to a log file, and is found again by its pid file, which tells it from another process
 * that was given the same id later.
 */
public final class ManagedProcess {
    private static final Duration ENOUGH_FOR_START = Duration.ofSeconds(10);
    private static final Duration ENOUGH_FOR_KILL = Duration.ofSeconds(10);

    private final PidFile record;

    private ManagedProcess(PidFile record) {
        this.record = record;
    }

    /**
     * Starts it; returns when the process exists, not when it is ready for anything.
     *
     * @param name for messages
     * @param command program and arguments
     * @param environment added to the environment of this JVM
     * @param logFile takes what the process writes to standard output and standard error, appended
     * @param pidFile where {@link #find} will look
     * @throws LocalEnvironmentException when it cannot be started, or the pid file's process is running already
     */
    public static ManagedProcess start(
            String name, List<String> command, Map<String, String> environment, Path logFile, Path pidFile) {
        Path pids = pidFile.toAbsolutePath().normalize();
        Path log = logFile.toAbsolutePath().normalize();
        return FolderLock.whileHeld(pids, Deadline.after(ENOUGH_FOR_START), () -> {
            find(pids).ifPresent(running -> {
                throw new LocalEnvironmentException(
                        name + " runs already as process " + running.pid() + " (" + pids + "); stop it first");
            });
            long logEnd = LogTail.end(log);
            Process process = OwnSession.start(command, environment, log);
            ProcessIdentity identity = ProcessIdentity.of(process.pid())
                    .orElseThrow(() -> new LocalEnvironmentException(
                            name + " ended as soon as it was started" + LogTail.quote(log, logEnd, 10)));
            try {
                return new ManagedProcess(PidFile.write(pids, new PidFile(name, identity, log)));
            } catch (IOException e) {
                Signal.KILL.send(identity); // no one would find it again
                throw new LocalEnvironmentException("cannot write the pid file " + pids + ": " + e, e);
            }
        });
    }

    /** The process that the pid file names, when it is the same one and still alive. */
    public static Optional<ManagedProcess> find(Path pidFile) {
        return PidFile.read(pidFile.toAbsolutePath().normalize())
                .filter(record -> record.process().isAlive())
                .map(ManagedProcess::new);
    }

    public String name() {
        return record.name();
    }

    public long pid() {
        return record.process().pid();
    }

    public Path logFile() {
        return record.logFile();
    }

    /** Whether it is alive, be it frozen. */
    public boolean isRunning() {
        return record.process().isAlive();
    }

    /** Asks it to end (SIGTERM), and kills it when it has not done so within the grace. */
    public void stop(Duration grace) {
        Signal.TERM.send(record.process());
        Signal.CONT.send(record.process()); // a frozen one would not hear
        if (!awaitExit(grace)) {
            kill();
        }
    }

    /** Ends it at once (SIGKILL), and waits until it is gone. */
    public void kill() {
        Signal.KILL.send(record.process());
        if (!awaitExit(ENOUGH_FOR_KILL)) {
            throw new LocalEnvironmentException(
                    name() + ", process " + pid() + ", outlived SIGKILL for " + ENOUGH_FOR_KILL.toSeconds() + " s");
        }
    }

    /** Stops its clock (SIGSTOP): it keeps its connections and does not answer. */
    public void freeze() {
        Signal.STOP.send(record.process());
    }

    /** Lets it go on after {@link #freeze()}. */
    public void thaw() {
        Signal.CONT.send(record.process());
    }

    /** Waits until it has ended; false when it is still alive after the limit. */
    public boolean awaitExit(Duration limit) {
        return Deadline.after(limit).await(() -> !isRunning());
    }

    /** The last lines that it wrote, blank ones and the frames of stack traces left out. */
    public List<String> lastLogLines(int count) {
        return LogTail.lastLines(record.logFile(), 0, count);
    }
}
