package txlookup.rebuild.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import txlookup.local.issuer.IssuerProgram;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.local.process.ManagedProcess;
import txlookup.profiles.Profile;
import txlookup.rebuild.platform.ConsumerProcesses;

/** Consumers and API of the local environment: this program again, as processes of their own. */
final class LocalProcesses implements ConsumerProcesses {
    static final String CONSUMER = "consumer";
    static final String API = "api";
    static final String ISSUER = "issuer";

    private static final Pattern PID_FILE = Pattern.compile("((?:consumer|api|issuer)(?:-[0-9]+)?)\\.pid");

    private final Profile profile;
    private final LocalFolders folders;
    private final List<String> self;

    /** @param self how this program is started, up to and without its command */
    LocalProcesses(Profile profile, LocalFolders folders, List<String> self) {
        this.profile = profile;
        this.folders = folders;
        this.self = List.copyOf(self);
    }

    LocalService consumer(long generation) {
        return new LocalService(folders, CONSUMER + "-" + generation);
    }

    /** The first API process, which people are told of. */
    URI api() {
        return apiAddress(0);
    }

    private URI apiAddress(int index) {
        return address(profile.api().bindAddress(), apiPort(index));
    }

    private int apiPort(int index) {
        return profile.api().port() + index;
    }

    private LocalService apiProcess(int index) {
        return new LocalService(folders, index == 0 ? API : API + "-" + (index + 1));
    }

    private IntStream apiIndexes() {
        return IntStream.range(0, profile.local().apiProcesses());
    }

    private static URI address(String host, int port) {
        return URI.create("http://%s:%d".formatted(host, port));
    }

    /** Fails early, with the setting to change, when another program listens where the API will. */
    void requirePorts() {
        apiIndexes()
                .filter(index -> !apiProcess(index).isRunning() && isTaken(apiPort(index)))
                .findFirst()
                .ifPresent(index -> {
                    throw new LocalEnvironmentException(
                            "Port %d for the %s is taken by another program; stop it, or choose another with --set api.port=..."
                                    .formatted(apiPort(index), apiProcess(index).name()));
                });
    }

    private static boolean isTaken(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return !probe.isBound();
        } catch (IOException e) {
            return true;
        }
    }

    /** Starts the consumer of a generation, unless it runs, and waits until it is ready. */
    ManagedProcess startConsumer(long generation) throws IOException, InterruptedException {
        LocalService consumer = consumer(generation);
        if (!consumer.isRunning()) {
            int port = consumerPort();
            consumer.start(
                    command("consume", "--generation", Long.toString(generation), "--set", "consumer.port=" + port),
                    address(profile.consumer().bindAddress(), port));
        }
        return consumer.awaitReady();
    }

    /** The profile's port where it is free and no API process is to have it; the consumer of a second generation gets another. */
    private int consumerPort() throws IOException {
        int wanted = profile.consumer().port();
        if (apiIndexes().noneMatch(index -> apiPort(index) == wanted) && !isTaken(wanted)) {
            return wanted;
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** Starts the API processes that do not run, and waits until all are ready. */
    void startApi() throws IOException, InterruptedException {
        for (int index : apiIndexes().toArray()) {
            LocalService process = apiProcess(index);
            if (!process.isRunning()) {
                process.start(command("serve", "--set", "api.port=" + apiPort(index)), apiAddress(index));
            }
        }
        for (int index : apiIndexes().toArray()) {
            apiProcess(index).awaitReady();
        }
    }

    /** Starts the issuer that people sign in at, unless it runs; API processes that know nothing of it are stopped first. */
    URI startIssuer() throws IOException, InterruptedException {
        LocalService issuer = new LocalService(folders, ISSUER);
        URI address = address("127.0.0.1", profile.local().issuerPort());
        if (!issuer.isRunning()) {
            for (int index : apiIndexes().toArray()) {
                apiProcess(index).stop();
            }
            List<String> consoles =
                    apiIndexes().mapToObj(index -> apiAddress(index).toString()).toList();
            issuer.start(IssuerProgram.command(profile.local().issuerPort(), consoles), address);
        }
        issuer.awaitReady();
        return address;
    }

    private List<String> command(String... command) {
        return Stream.concat(self.stream(), Stream.of(command)).toList();
    }

    /** What of them runs, and what should. */
    List<LocalPart> parts() {
        List<LocalPart> parts = new ArrayList<>();
        started().forEach(service -> parts.add(service.part()));
        return parts;
    }

    /** Every process that was started and not stopped since: the consumers first. */
    private List<LocalService> started() {
        if (!Files.isDirectory(folders.run())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folders.run())) {
            return files.map(file -> PID_FILE.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(matcher -> matcher.group(1))
                    .sorted(Comparator.comparing((String name) -> name.startsWith(API))
                            .thenComparing(name -> name))
                    .map(name -> new LocalService(folders, name))
                    .toList();
        } catch (IOException e) {
            throw new LocalEnvironmentException("cannot list %s: %s".formatted(folders.run(), e.getMessage()), e);
        }
    }

    @Override
    public void stop(long generation) throws IOException {
        consumer(generation).stop();
    }

    /** The API first, so that nobody is answered by a store that no longer moves. */
    void stop() throws IOException {
        for (LocalService service : apiFirst()) {
            service.stop();
        }
    }

    void kill() throws IOException {
        for (LocalService service : apiFirst()) {
            service.kill();
        }
    }

    private List<LocalService> apiFirst() {
        List<LocalService> services = new ArrayList<>(started());
        Collections.reverse(services);
        return services;
    }
}
