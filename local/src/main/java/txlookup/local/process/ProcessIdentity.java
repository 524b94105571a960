package txlookup.local.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process for good: its id and its birth, so that another process that was given the same id later is not mistaken
 * for it.
 *
 * @param birth the boot and the clock tick of the start where /proc tells them, because the start instant that Java
 *     computes moves when the wall clock is set; the start instant elsewhere
 */
public record ProcessIdentity(long pid, String birth) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int STATE = 0; // fields counted from behind the command's name: man 5 proc, /proc/pid/stat
    private static final int THREADS = 17;
    private static final int START_TICKS = 19;

    /** The living process with this id. A zombie is dead: nothing but its parent's neglect keeps its id. */
    public static Optional<ProcessIdentity> of(long pid) {
        return Files.exists(BOOT_ID) ? fromProc(pid) : fromJava(pid);
    }

    public boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }

    private static Optional<ProcessIdentity> fromProc(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            if (isDead(fields)) {
                return Optional.empty();
            }
            return Optional.of(
                    new ProcessIdentity(pid, Files.readString(BOOT_ID).strip() + "/" + fields[START_TICKS]));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (ProcessHandle.of(pid).isEmpty()) {
                return Optional.empty(); // it ended between opening and reading
            }
            throw new LocalEnvironmentException("cannot read /proc/" + pid + "/stat: " + e, e);
        }
    }

    /** The first thread is a zombie as soon as it has ended; the others may still hold files and ports. */
    private static boolean isDead(String[] fields) {
        return fields[STATE].equals("X") || (fields[STATE].equals("Z") && Integer.parseInt(fields[THREADS]) <= 1);
    }

    private static Optional<ProcessIdentity> fromJava(long pid) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(process -> process.info().startInstant())
                .map(start -> new ProcessIdentity(pid, start.toString()));
    }
}
