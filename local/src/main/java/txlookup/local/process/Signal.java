package txlookup.local.process;

import java.time.Duration;
import java.util.List;

/** The signals that Java cannot send by itself, sent by the shell's own {@code kill}. */
public enum Signal {
    /** PostgreSQL's fast shutdown: end the sessions, then stop. */
    INT,
    KILL,
    STOP,
    CONT,
    TERM;

    private static final Duration ENOUGH_FOR_KILL = Duration.ofSeconds(10);

    /** Sends it when the process still is the one meant; a process that is gone is not an error. */
    public void send(ProcessIdentity process) {
        if (!process.isAlive()) {
            return;
        }
        Command.Result result = Command.run(
                List.of("/bin/sh", "-c", "kill -s \"$1\" \"$2\"", "kill", name(), Long.toString(process.pid())),
                ENOUGH_FOR_KILL);
        if (result.exitCode() != 0 && process.isAlive()) {
            throw new LocalEnvironmentException("cannot send SIG" + name() + " to process " + process.pid() + ": "
                    + result.lastLine() + "; is it another user's process?");
        }
    }
}
