package txlookup.cli.env;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.azure.blob.BlobFolder;
import txlookup.azure.blob.BlobLease;
import txlookup.azure.kept.KeptBlobs;
import txlookup.azure.kept.KeptEvidence;
import txlookup.azure.kept.RunLog;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.LauncherCommand;

@Command(
        name = "carry-out",
        hidden = true,
        description = {
            "What the job within an environment runs: one command of this program, alone, with its lines and its evidence",
            "kept in the environment's storage account."
        })
final class EnvCarryOutCommand implements Callable<Integer> {
    /** Container Apps names the execution of a job so. */
    private static final String EXECUTION = "CONTAINER_APP_JOB_EXECUTION_NAME";

    private static final String LEASE = "lease";
    /** A lease ends a minute after its holder is gone. */
    private static final Duration LEASE_MAY_BE_A_DEAD_ONES = Duration.ofSeconds(75);

    private static final int TICK_SECONDS = 1;
    private static final int STOP_SECONDS = 20;

    @ParentCommand
    private EnvCommand env;

    @Option(names = "--kept", required = true, paramLabel = "URL", description = "The account's blobs.")
    private URI kept;

    @Option(names = "--fetch", paramLabel = "BLOB", description = "A blob that the command reads as a file.")
    private List<String> fetched = new ArrayList<>();

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command.")
    private List<String> command;

    @Spec
    private CommandSpec spec;

    private final StringBuilder pending = new StringBuilder();
    private volatile Process running;

    /** Whether this process is a part of the job within an environment. */
    static boolean isThisProcess() {
        return !System.getenv().getOrDefault(EXECUTION, "").isEmpty();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        String execution = System.getenv().getOrDefault(EXECUTION, "");
        if (execution.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s is not set: only the job within an environment runs this; use txlookup env within"
                            .formatted(EXECUTION));
        }
        BlobFolder blobs = KeptBlobs.evidence(kept);
        blobs.awaitAccess();
        RunLog log = new RunLog(blobs, execution);
        log.begin(new RunLog.Begun(Instant.now(), command));
        Optional<BlobLease> alone = BlobLease.take(blobs, LEASE, LEASE_MAY_BE_A_DEAD_ONES, this::stop);
        if (alone.isEmpty()) {
            log.tell(
                    "another run works within this environment; nothing was done. Follow it with txlookup env follow\n");
            log.end(ExitCode.REFUSED);
            return ExitCode.REFUSED;
        }
        try {
            int code = run(blobs, log);
            if (code != ExitCode.OLDER_KAFKA) {
                log.end(code);
            }
            return code;
        } finally {
            alone.get().close();
        }
    }

    private int run(BlobFolder blobs, RunLog log) throws IOException, InterruptedException {
        Path journal = EnvCreator.journals(env.profile().load()).resolve("rebuild.json");
        KeptEvidence evidence = new KeptEvidence(blobs, EnvCommand.EVIDENCE);
        evidence.fetch();
        evidence.fetchJournal(journal);
        for (String name : fetched) {
            Files.write(
                    Path.of(name).getFileName(),
                    blobs.read(name).orElseThrow(() -> new IOException("%s is not in %s".formatted(name, kept))));
        }
        CountDownLatch kept = new CountDownLatch(1);
        Thread stopping = new Thread(() -> stopAndLetKeep(kept), "stopping");
        running = new ProcessBuilder(program()).redirectErrorStream(true).start();
        Runtime.getRuntime().addShutdownHook(stopping);
        Thread reading = new Thread(this::read, "lines");
        reading.start();
        while (!running.waitFor(TICK_SECONDS, TimeUnit.SECONDS)) {
            try {
                flush(log);
            } catch (IOException e) {
                // The command goes on; what could not be kept now is kept with the next line, or the run fails at its
                // end.
                spec.commandLine().getErr().println("not kept yet: " + e.getMessage());
            }
        }
        reading.join();
        evidence.keep();
        evidence.keepJournal(journal);
        flush(log);
        kept.countDown();
        return running.exitValue();
    }

    private List<String> program() {
        List<String> program = new ArrayList<>();
        for (String part : LauncherCommand.program()) {
            program.add(part.startsWith("-Xmx") ? "-XX:MaxRAMPercentage=50" : part);
            if (program.size() == 1) {
                for (String property : List.of("txlookup.drivers", "txlookup.kafka", "java.io.tmpdir")) {
                    String value = System.getProperty(property, "");
                    if (!value.isEmpty()) {
                        program.add("-D%s=%s".formatted(property, value));
                    }
                }
                program.add("-Dtxlookup.terminal=false");
            }
        }
        program.addAll(env.profile().arguments());
        program.addAll(command);
        return program;
    }

    private void read() {
        PrintWriter out = spec.commandLine().getOut();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(running.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                out.println(line);
                out.flush();
                synchronized (pending) {
                    pending.append(line).append('\n');
                }
                line = lines.readLine();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void flush(RunLog log) throws IOException {
        String lines;
        synchronized (pending) {
            lines = pending.toString();
        }
        if (!lines.isEmpty()) {
            log.tell(lines);
            synchronized (pending) {
                pending.delete(0, lines.length());
            }
        }
    }

    private void stop() {
        if (running != null) {
            running.destroy();
        }
    }

    /** Container Apps stops a job with SIGTERM: the command ends as by Ctrl-C, and what it left is still kept. */
    private void stopAndLetKeep(CountDownLatch kept) {
        stop();
        try {
            if (!kept.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                running.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
