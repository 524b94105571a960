package txlookup.local.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Starts a process that outlives this JVM: in a session of its own, so that neither Ctrl-C in the terminal nor its
 * closing reaches it, with its output in a file, so that nothing breaks when the reader is gone.
 */
public final class OwnSession {
    static final File NOTHING = new File("/dev/null");

    private static final List<Path> PROGRAM_FOLDERS =
            List.of(Path.of("/usr/bin"), Path.of("/bin"), Path.of("/usr/sbin"), Path.of("/sbin"));
    private static final String PERL_SETSID = "POSIX::setsid(); exec {$ARGV[0]} @ARGV or die qq($ARGV[0]: $!\\n)";

    private OwnSession() {}

    /** The started process keeps its id through every exec, since each prefix replaces itself by what follows it. */
    public static Process start(List<String> command, Map<String, String> environment, Path logFile) {
        List<String> whole = new ArrayList<>(prefix(OwnSession::program));
        whole.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectInput(NOTHING)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
        builder.environment().putAll(environment);
        try {
            Files.createDirectories(logFile.toAbsolutePath().getParent());
            return builder.start();
        } catch (IOException e) {
            throw new LocalEnvironmentException(
                    "cannot start " + command.get(0) + " with the log file " + logFile + ": " + e.getMessage(), e);
        }
    }

    /** macOS has no setsid program, but it has perl. */
    static List<String> prefix(Function<String, Optional<Path>> programs) {
        return programs.apply("setsid")
                .map(setsid -> List.of(setsid.toString()))
                .or(() -> programs.apply("perl")
                        .map(perl -> List.of(perl.toString(), "-MPOSIX", "-e", PERL_SETSID, "--")))
                .orElseGet(List::of);
    }

    public static Optional<Path> program(String name) {
        return PROGRAM_FOLDERS.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
