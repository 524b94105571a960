package txlookup.local.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a short command to its end. */
public final class Command {
    private Command() {}

    /** How it ended, and what it wrote to standard output and standard error. */
    public record Result(int exitCode, String output) {
        public boolean succeeded() {
            return exitCode == 0;
        }

        public String lastLine() {
            return output.strip().lines().reduce((first, second) -> second).orElse("no output, exit code " + exitCode);
        }
    }

    public static Result run(List<String> command, Duration limit) {
        return run(command, Map.of(), limit);
    }

    public static Result run(List<String> command, Map<String, String> environment, Duration limit) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(OwnSession.NOTHING));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            // Read beside the waiting: a command that fills the pipe would never end, one that hangs never closes it.
            CompletableFuture<String> output =
                    CompletableFuture.supplyAsync(() -> read(process.getInputStream()), Command::inThreadOfItsOwn);
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new LocalEnvironmentException(
                        String.join(" ", command) + " did not end within " + limit.toMillis() + " ms");
            }
            return new Result(process.exitValue(), output.join());
        } catch (IOException e) {
            throw new LocalEnvironmentException("cannot run " + command.get(0) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalEnvironmentException("interrupted while running " + command.get(0), e);
        }
    }

    /** Not in the shared pool, all of whose threads may be waiting for commands. */
    private static void inThreadOfItsOwn(Runnable reading) {
        Thread thread = new Thread(reading, "read-command-output");
        thread.setDaemon(true);
        thread.start();
    }

    private static String read(InputStream output) {
        try (output) {
            return new String(output.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
