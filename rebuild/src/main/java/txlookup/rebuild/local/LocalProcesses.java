package txlookup.rebuild.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import txlookup.local.LocalEnvironmentException;
import txlookup.local.ManagedProcess;
import txlookup.profiles.Profile;

/** Consumer and API of the local environment: this program again, as processes of their own. */
final class LocalProcesses {
    static final String CONSUMER = "consumer";
    static final String API = "api";

    private static final Duration ENOUGH_TO_START = Duration.ofSeconds(90);
    private static final Duration ENOUGH_TO_STOP = Duration.ofSeconds(40);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final Profile profile;
    private final LocalFolders folders;
    private final List<String> self;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /** @param self how this program is started, up to and without its command */
    LocalProcesses(Profile profile, LocalFolders folders, List<String> self) {
        this.profile = profile;
        this.folders = folders;
        this.self = List.copyOf(self);
    }

    URI consumer() {
        return URI.create("http://%s:%d"
                .formatted(profile.consumer().bindAddress(), profile.consumer().port()));
    }

    URI api() {
        return URI.create("http://%s:%d"
                .formatted(profile.api().bindAddress(), profile.api().port()));
    }

    /** Fails early, with the setting to change, when somebody else listens where our processes will. */
    void requirePorts() {
        requirePort(API, profile.api().port(), "api.port");
        requirePort(CONSUMER, profile.consumer().port(), "consumer.port");
    }

    private void requirePort(String process, int port, String setting) {
        if (find(process).isPresent()) {
            return;
        }
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            probe.setReuseAddress(true);
        } catch (IOException e) {
            throw new LocalEnvironmentException(
                    "Port %d for the %s is taken by another program; stop it, or choose another with --set %s=..."
                            .formatted(port, process, setting));
        }
    }

    /** Starts the consumer for a generation, unless it runs; one of another generation is stopped first. */
    ManagedProcess startConsumer(long generation) throws InterruptedException {
        Optional<ManagedProcess> running = find(CONSUMER);
        if (running.isPresent() && running.get().name().equals(consumerName(generation))) {
            awaitReady(running.get(), consumer());
            return running.get();
        }
        running.ifPresent(other -> other.stop(ENOUGH_TO_STOP));
        return start(
                CONSUMER,
                consumerName(generation),
                Stream.of("consume", "--generation", Long.toString(generation)),
                consumer());
    }

    private static String consumerName(long generation) {
        return "consumer of generation " + generation;
    }

    void requireConsumer() {
        if (find(CONSUMER).isEmpty()) {
            throw new LocalEnvironmentException(
                    "The consumer ended; its log %s says why".formatted(folders.log(CONSUMER)));
        }
    }

    ManagedProcess startApi() throws InterruptedException {
        Optional<ManagedProcess> running = find(API);
        if (running.isPresent()) {
            awaitReady(running.get(), api());
            return running.get();
        }
        return start(API, API, Stream.of("serve"), api());
    }

    private ManagedProcess start(String process, String name, Stream<String> command, URI address)
            throws InterruptedException {
        List<String> whole = Stream.concat(self.stream(), command).toList();
        ManagedProcess started =
                ManagedProcess.start(name, whole, Map.of(), folders.log(process), folders.pid(process));
        awaitReady(started, address);
        return started;
    }

    private void awaitReady(ManagedProcess process, URI address) throws InterruptedException {
        long deadline = System.nanoTime() + ENOUGH_TO_START.toNanos();
        String last = "no answer";
        while (System.nanoTime() < deadline) {
            if (!process.isRunning()) {
                throw new LocalEnvironmentException(
                        "The %s ended: %s".formatted(process.name(), String.join(" | ", process.lastLogLines(3))));
            }
            try {
                HttpRequest request = HttpRequest.newBuilder(address.resolve("/ready"))
                        .timeout(Duration.ofSeconds(5))
                        .build();
                HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 200) {
                    return;
                }
                last = response.body().strip();
            } catch (IOException e) {
                last = "no answer at " + address;
            }
            Thread.sleep(LOOK_EVERY.toMillis());
        }
        throw new LocalEnvironmentException("The %s is not ready after %d s: %s. Its log is %s"
                .formatted(process.name(), ENOUGH_TO_START.toSeconds(), last, process.logFile()));
    }

    Optional<ManagedProcess> find(String process) {
        return ManagedProcess.find(folders.pid(process));
    }

    List<LocalPart> parts() {
        return List.of(part(CONSUMER, consumer()), part(API, api()));
    }

    /** A pid file is there from the start of a process until it is stopped, also when it ends by itself. */
    private LocalPart part(String process, URI address) {
        Optional<String> running = find(process).map(found -> "%s  process %d".formatted(address, found.pid()));
        return new LocalPart(process, running, Files.exists(folders.pid(process)), folders.log(process));
    }

    void stop() throws IOException {
        end(API, process -> process.stop(ENOUGH_TO_STOP));
        end(CONSUMER, process -> process.stop(ENOUGH_TO_STOP));
    }

    void kill() throws IOException {
        end(API, ManagedProcess::kill);
        end(CONSUMER, ManagedProcess::kill);
    }

    private void end(String process, Consumer<ManagedProcess> how) throws IOException {
        find(process).ifPresent(how);
        Files.deleteIfExists(folders.pid(process));
    }
}
