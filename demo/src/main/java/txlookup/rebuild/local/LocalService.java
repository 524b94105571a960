package txlookup.rebuild.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.local.process.LogTail;
import txlookup.local.process.ManagedProcess;

/** One consumer or API process of the local environment, found by the files that are named after it. */
final class LocalService {
    private static final Duration ENOUGH_TO_START = Duration.ofSeconds(90);
    private static final Duration ENOUGH_TO_STOP = Duration.ofSeconds(40);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final LocalFolders folders;
    private final String name;

    LocalService(LocalFolders folders, String name) {
        this.folders = folders;
        this.name = name;
    }

    String name() {
        return name;
    }

    Optional<ManagedProcess> find() {
        return ManagedProcess.find(folders.pid(name));
    }

    boolean isRunning() {
        return find().isPresent();
    }

    /** Where it answers, or did; empty where it was never started, or was stopped. */
    Optional<URI> address() {
        try {
            return Files.exists(folders.address(name))
                    ? Optional.of(
                            URI.create(Files.readString(folders.address(name)).strip()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new LocalEnvironmentException(
                    "cannot read where the %s answers (%s): %s".formatted(name, folders.address(name), e.getMessage()),
                    e);
        }
    }

    /** Starts it; it is not ready yet. */
    void start(List<String> command, URI address) throws IOException {
        // Before the process, so that whoever finds a process finds its address too.
        Files.createDirectories(folders.run());
        Path part = Files.writeString(folders.run().resolve(name + ".address.part"), address.toString());
        Files.move(part, folders.address(name), StandardCopyOption.ATOMIC_MOVE);
        ManagedProcess.start(name, command, Map.of(), folders.log(name), folders.pid(name));
    }

    /** Waits until it says that it is ready. */
    ManagedProcess awaitReady() throws InterruptedException {
        ManagedProcess process = find().orElseThrow(this::ended);
        URI ready = address().orElseThrow(this::ended).resolve("/ready");
        long deadline = System.nanoTime() + ENOUGH_TO_START.toNanos();
        String last = "no answer";
        HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        while (System.nanoTime() < deadline) {
            if (!process.isRunning()) {
                throw ended();
            }
            try {
                HttpRequest request = HttpRequest.newBuilder(ready)
                        .timeout(Duration.ofSeconds(5))
                        .build();
                HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 200) {
                    return process;
                }
                last = response.body().strip();
            } catch (IOException e) {
                last = "no answer at " + ready;
            }
            Thread.sleep(LOOK_EVERY.toMillis());
        }
        throw new LocalEnvironmentException("The %s is not ready after %d s: %s. Its log is %s"
                .formatted(name, ENOUGH_TO_START.toSeconds(), last, folders.log(name)));
    }

    /** Throws, with what its log says last, when it does not run. */
    void requireRunning() {
        if (!isRunning()) {
            throw ended();
        }
    }

    private LocalEnvironmentException ended() {
        return new LocalEnvironmentException("The %s ended: %s. Its log is %s"
                .formatted(name, String.join(" | ", LogTail.lastLines(folders.log(name), 0, 3)), folders.log(name)));
    }

    /** A pid file is there from the start of a process until it is stopped, also when it ends by itself. */
    LocalPart part() {
        Optional<String> running = find().map(found ->
                "%s  process %d".formatted(address().map(URI::toString).orElse("-"), found.pid()));
        return new LocalPart(name, running, Files.exists(folders.pid(name)), folders.log(name));
    }

    void stop() throws IOException {
        end(process -> process.stop(ENOUGH_TO_STOP));
    }

    void kill() throws IOException {
        end(ManagedProcess::kill);
    }

    private void end(Consumer<ManagedProcess> how) throws IOException {
        find().ifPresent(how);
        Files.deleteIfExists(folders.pid(name));
        Files.deleteIfExists(folders.address(name));
    }
}
