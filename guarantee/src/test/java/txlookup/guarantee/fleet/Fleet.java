package txlookup.guarantee.fleet;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import txlookup.guarantee.Trial;
import txlookup.local.process.ManagedProcess;

/** The consumer processes of a generation; each dies only by the hand of a fault. */
public final class Fleet {
    /** Small, so that batches and connections are many and short; or as profiles have them. */
    public enum Size {
        SMALL("96m", 60, 120, 6),
        USUAL("256m", 1000, 10_000, 10);

        final String heap;
        final int pollRecords;
        final int batchRecords;
        final int connections;

        Size(String heap, int pollRecords, int batchRecords, int connections) {
            this.heap = heap;
            this.pollRecords = pollRecords;
            this.batchRecords = batchRecords;
            this.connections = connections;
        }
    }

    private final Trial trial;
    private final long generation;
    private final List<ManagedProcess> running = new ArrayList<>();
    private int started;

    public Fleet(Trial trial, long generation) {
        this.trial = trial;
        this.generation = generation;
    }

    /** Starts one more; returns when its process exists, long before it has partitions. */
    public ManagedProcess start() {
        return start(Size.SMALL);
    }

    public ManagedProcess start(Size size) {
        return start(size, 1.0);
    }

    /** @param maxDeadShare of dead letters, which stops a partition where it is exceeded */
    public ManagedProcess start(Size size, double maxDeadShare) {
        String name = "consumer-" + generation + "-" + ++started;
        Path folder = trial.folder;
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + size.heap,
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"),
                "-cp",
                trial.servers.resetsNewerClients() ? withOlderClient() : System.getProperty("java.class.path"),
                ConsumerMain.class.getName(),
                trial.servers.proxiedJdbcUrl(trial.name),
                trial.servers.password(),
                trial.servers.proxiedBrokers(),
                Long.toString(generation),
                trial.name,
                size.name(),
                Double.toString(maxDeadShare));
        ManagedProcess process = ManagedProcess.start(
                name, command, Map.of(), folder.resolve(name + ".log"), folder.resolve(name + ".pid"));
        running.add(process);
        return process;
    }

    /** As the image's launcher does it: the older client lies before the newer one. */
    private static String withOlderClient() {
        Path folder =
                Path.of("..", "cli", "target", "kafka-older").toAbsolutePath().normalize();
        if (!Files.isDirectory(folder)) {
            throw new IllegalStateException(
                    "there is no older Kafka client in %s; make it with: mvn -pl cli -am -DskipTests package"
                            .formatted(folder));
        }
        return folder.resolve("*") + File.pathSeparator + System.getProperty("java.class.path");
    }

    public ManagedProcess any(Random random) {
        return running.get(random.nextInt(running.size()));
    }

    public Optional<ManagedProcess> find(Predicate<ManagedProcess> which) {
        return running.stream().filter(which).findFirst();
    }

    public void kill(ManagedProcess process) {
        process.kill();
        running.remove(process);
    }

    /** SIGTERM: it ends its batches, leaves the group, and has to be gone soon. */
    public void stop(ManagedProcess process) {
        running.remove(process);
        process.stop(Duration.ofSeconds(30));
    }

    /** Why it ended, in its own words. */
    String lastWords(ManagedProcess process) {
        return log(process)
                .lines()
                .filter(line -> line.startsWith(ConsumerMain.ENDED))
                .findFirst()
                .orElseGet(() -> String.join("\n", process.lastLogLines(5)));
    }

    /** Everything that a process wrote so far. */
    public String log(ManagedProcess process) {
        try {
            return Files.readString(process.logFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void killAll() {
        running.forEach(ManagedProcess::kill);
        running.clear();
    }

    public void requireAlive() {
        String ended = running.stream()
                .filter(process -> !process.isRunning())
                .map(process ->
                        "%s ended by itself: %s (%s)".formatted(process.name(), lastWords(process), process.logFile()))
                .collect(Collectors.joining("\n"));
        if (!ended.isEmpty()) {
            throw new AssertionError(ended);
        }
    }
}
