package txlookup.azure.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiKeys;
import txlookup.azure.blob.Azurite;
import txlookup.azure.network.FakeFront;
import txlookup.local.kafka.EventHubsProxy;
import txlookup.local.kafka.KafkaSettings;
import txlookup.local.kafka.LocalKafka;
import txlookup.local.postgres.LocalPostgres;
import txlookup.local.postgres.PostgresSettings;
import txlookup.local.process.CacheFolder;
import txlookup.local.process.ManagedProcess;
import txlookup.profiles.ResolvedProfile;

/**
 * PostgreSQL and Kafka on this machine for servers and namespaces, and this program as processes for apps and jobs. What
 * Azure removes is stopped and its data deleted, so that an environment that is made again begins with nothing.
 */
public final class LocalServices implements FakeServices, AutoCloseable {
    private static final Duration ENOUGH_TO_STOP = Duration.ofSeconds(40);
    /** They take addresses from the resource manager, as there, and need the environment's own stage. */
    private static final Set<String> MAKERS = Set.of("recreate", "deploy", "rollback-app");

    private static final Duration LONGEST_JOB = Duration.ofMinutes(30);

    private final Path folder;
    private final List<String> program;
    private final FakeIdentity identity;
    private final String blobKey;
    private final Map<String, Azurite> storage = new LinkedHashMap<>();
    private final Map<String, Server> servers = new LinkedHashMap<>();
    private final Map<String, Namespace> namespaces = new LinkedHashMap<>();
    private final Map<String, App> apps = new LinkedHashMap<>();
    private final Map<String, FakeFront> fronts = new LinkedHashMap<>();
    private boolean resetsNewHandshakes;

    /** A revision's process. */
    private record App(String app, int port, ManagedProcess process) {
        /** A container ends with all that runs in it, and the program may be a launcher's child. */
        void kill() {
            List<ProcessHandle> within = ProcessHandle.of(process.pid()).stream()
                    .flatMap(ProcessHandle::descendants)
                    .toList();
            process.kill();
            within.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** Clients reach the broker as they reach Event Hubs: with its versions of the protocol and its ways. */
    private record Namespace(LocalKafka broker, EventHubsProxy eventHubs) {
        static Namespace start(KafkaSettings settings, boolean resetsNewHandshakes) {
            LocalKafka broker = LocalKafka.start(settings);
            String address = broker.bootstrapServers();
            try {
                int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
                EventHubsProxy eventHubs = new EventHubsProxy(port);
                eventHubs.resetsNewApiVersions = resetsNewHandshakes;
                return new Namespace(broker, eventHubs);
            } catch (IOException e) {
                broker.kill();
                throw new UncheckedIOException("no port for a namespace", e);
            }
        }

        String address() {
            return "127.0.0.1:" + eventHubs.port();
        }

        void kill() {
            try {
                eventHubs.close();
            } catch (IOException closedAlready) {
                // Nobody is let in any more, which is what is wanted.
            }
            broker.kill();
        }
    }

    private record Server(LocalPostgres postgres, String administrator, String password) {}

    /**
     * Services of one practice.
     *
     * @param folder gets their data and logs
     * @param program how this program is started, up to and without its arguments
     */
    public LocalServices(Path folder, List<String> program) throws IOException {
        this.identity = FakeIdentity.start();
        this.folder = folder.toAbsolutePath();
        this.program = List.copyOf(program);
        this.blobKey = Azurite.keyOfThisProcess();
    }

    /** Namespaces that are made from now on close connections that open as the newer Kafka client does. */
    public synchronized void resetNewHandshakes() {
        resetsNewHandshakes = true;
    }

    /** How often a namespace closed one. */
    public synchronized int handshakesReset(String namespace) {
        return namespaces.get(namespace).eventHubs().interferedWith(ApiKeys.API_VERSIONS);
    }

    @Override
    public synchronized String server(String name, String administrator, String password) {
        Server server = servers.computeIfAbsent(
                name,
                key -> new Server(
                        LocalPostgres.start(new PostgresSettings(
                                data(name),
                                CacheFolder.ofThisUser(),
                                0,
                                administrator,
                                password,
                                Map.of("fsync", "off"),
                                log(name),
                                PostgresSettings.USUAL_DEADLINE)),
                        administrator,
                        password));
        return "127.0.0.1:" + server.postgres().port();
    }

    @Override
    public synchronized void database(String server, String name) {
        servers.get(server).postgres().createDatabase(name);
    }

    @Override
    public synchronized void administrator(String server, String role) {
        Server admitting = servers.get(server);
        identity.admit(admitting.postgres().jdbcUrl("postgres"), admitting.administrator(), admitting.password(), role);
    }

    @Override
    public synchronized String namespace(String name) {
        return namespaces
                .computeIfAbsent(
                        name,
                        key -> Namespace.start(
                                new KafkaSettings(
                                        data(name),
                                        CacheFolder.ofThisUser(),
                                        0,
                                        Map.of(),
                                        log(name),
                                        KafkaSettings.USUAL_DEADLINE),
                                resetsNewHandshakes))
                .address();
    }

    @Override
    public synchronized void hub(String namespace, String name, int partitions) {
        namespaces.get(namespace).broker().createTopic(name, partitions, Map.of());
    }

    @Override
    public synchronized String revision(String app, String revision, Container container) {
        App running = apps.get(revision);
        int port = running == null ? freePort() : running.port();
        if (running == null || !running.process().isRunning()) {
            apps.put(revision, new App(app, port, start(app, revision, container, port)));
        }
        return "127.0.0.1:" + port;
    }

    @Override
    public synchronized void deactivated(String revision) {
        App running = apps.get(revision);
        if (running != null) {
            running.process().stop(ENOUGH_TO_STOP);
        }
    }

    @Override
    public synchronized String route(String app, Map<String, Integer> weights) {
        List<Integer> ports = new ArrayList<>();
        weights.forEach((revision, weight) ->
                ports.addAll(Collections.nCopies(weight, apps.get(revision).port())));
        FakeFront front = fronts.computeIfAbsent(app, name -> front());
        front.to(ports);
        return front.address();
    }

    private static FakeFront front() {
        try {
            return new FakeFront();
        } catch (IOException e) {
            throw new UncheckedIOException("no port for an app", e);
        }
    }

    @Override
    public synchronized CompletableFuture<Boolean> job(String name, Container container) {
        Path log = log(name);
        Here here = here(name, container, 0);
        ProcessBuilder builder = new ProcessBuilder(here.command());
        builder.environment().putAll(here.variables());
        builder.directory(diskOf(container).toFile());
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            Process process = builder.start();
            return process.onExit()
                    .orTimeout(LONGEST_JOB.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)
                    .thenApply(ended -> ended.exitValue() == 0);
        } catch (IOException e) {
            throw new UncheckedIOException("job %s cannot be started".formatted(name), e);
        }
    }

    @Override
    public synchronized void removed(String type, String name) {
        switch (type) {
            case "microsoft.app/containerapps" -> {
                for (App revision : apps.values()) {
                    if (revision.app().equals(name)) {
                        revision.process().stop(ENOUGH_TO_STOP);
                    }
                }
                apps.values().removeIf(revision -> revision.app().equals(name));
            }
            case "microsoft.dbforpostgresql/flexibleservers" -> {
                Server server = servers.remove(name);
                if (server != null) {
                    server.postgres().crash();
                    delete(data(name));
                }
            }
            case "microsoft.storage/storageaccounts" -> {
                Azurite account = storage.remove(name);
                if (account != null) {
                    account.close();
                    delete(data(name));
                }
            }
            case "microsoft.eventhub/namespaces" -> {
                Namespace namespace = namespaces.remove(name);
                if (namespace != null) {
                    namespace.kill();
                    delete(data(name));
                }
            }
            default -> {}
        }
    }

    /** Where a namespace answers, for who publishes to it. */
    public synchronized String bootstrapServers(String namespace) {
        return namespaces.get(namespace).address();
    }

    /** Where callers of an app reach it, whichever revision answers them. */
    public synchronized String served(String app) {
        return fronts.get(app).address();
    }

    private ManagedProcess start(String app, String revision, Container container, int port) {
        Here here = here(revision, container, port);
        return ManagedProcess.start(
                revision, here.command(), here.variables(), log(app), folder.resolve(revision + ".pid"));
    }

    /** A container has a disk of its own, which is empty when it starts. */
    private Path diskOf(Container container) {
        try {
            return Files.createDirectories(folder.resolve("executions")
                    .resolve(container.variables().getOrDefault("CONTAINER_APP_JOB_EXECUTION_NAME", "none")));
        } catch (IOException e) {
            throw new UncheckedIOException("no disk for a job", e);
        }
    }

    @Override
    public synchronized String storage(String name) {
        return storage.computeIfAbsent(name, key -> Azurite.start(data(name), name, blobKey))
                .endpoint()
                .toString();
    }

    @Override
    public synchronized void container(String account, String name) {
        storage.get(account).container(name);
    }

    /** The key of every storage account here; the practice exports it as TXLOOKUP_BLOB_KEY. */
    public String blobKey() {
        return blobKey;
    }

    /** What a container is on this machine: its command line and its variables. */
    private record Here(List<String> command, Map<String, String> variables) {}

    /** Stage local instead of its own, and the services that are here; everything else as the shipped profile says. */
    private Here here(String name, Container container, int port) {
        ShippedProfile profile = new ShippedProfile(container);
        Server server = ofEnvironment(servers, profile);
        String broker = profile.otherKafka()
                .orElseGet(() -> ofEnvironment(namespaces, profile).address());
        Map<String, String> here = new LinkedHashMap<>();
        here.put("secrets.mode", "environment");
        here.put("database.host", "127.0.0.1");
        here.put("database.port", Integer.toString(server.postgres().port()));
        here.put("database.sslMode", "disable");
        here.put("messaging.bootstrapServers", broker);
        here.put("messaging.security", "PLAINTEXT");
        here.put("api.bindAddress", "127.0.0.1");
        here.put("api.auth.mode", "disabled");
        here.put("consumer.bindAddress", "127.0.0.1");
        if (port > 0) {
            here.put("api.port", Integer.toString(port));
            here.put("consumer.port", Integer.toString(port));
        }
        Path file = folder.resolve(name + ".profile.yaml");
        Map<String, String> variables = new LinkedHashMap<>(container.variables());
        boolean maker = container.arguments().stream().anyMatch(MAKERS::contains);
        variables.put(ResolvedProfile.DIGEST, maker ? profile.writeAsItIs(file) : profile.write(file, here));
        if (!storage.isEmpty()) {
            variables.put(Azurite.KEY, blobKey);
        }
        variables.put("OTEL_METRIC_EXPORT_INTERVAL", "1000"); // a practice need not wait a minute for the first row
        if (asIdentity(container)) {
            variables.putAll(identity.variables());
        }
        List<String> command = new ArrayList<>(program);
        container.arguments().stream()
                .map(argument -> argument.equals(profile.path())
                        ? file.toString()
                        : argument.startsWith("/data/") ? folder + argument : argument)
                .forEach(command::add);
        return new Here(command, variables);
    }

    /** Names end in owner and env, as the profile has them. */
    private static <T> T ofEnvironment(Map<String, T> services, ShippedProfile profile) {
        return services.entrySet().stream()
                .filter(service -> service.getKey().endsWith(profile.end()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "nothing is behind %s: there are %s".formatted(profile.end(), services.keySet())));
    }

    /** A container that is told no password but whom it logs in as. */
    private static boolean asIdentity(Container container) {
        return container.variables().containsKey("TXLOOKUP_DATABASE_USER");
    }

    private Path data(String name) {
        return folder.resolve(name);
    }

    private Path log(String name) {
        try {
            Files.createDirectories(folder.resolve("data"));
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be made".formatted(folder), e);
        }
        return folder.resolve(name + ".log");
    }

    private static int freePort() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }

    private static void delete(Path data) {
        if (!Files.exists(data)) {
            return;
        }
        try (Stream<Path> inside = Files.walk(data)) {
            for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be deleted".formatted(data), e);
        }
    }

    @Override
    public synchronized void close() {
        apps.values().forEach(App::kill);
        for (FakeFront front : fronts.values()) {
            try {
                front.close();
            } catch (IOException closedAlready) {
                // Nobody is let in any more, which is what is wanted.
            }
        }
        namespaces.forEach((name, namespace) -> {
            namespace.kill();
            delete(data(name));
        });
        servers.forEach((name, server) -> {
            server.postgres().crash();
            delete(data(name));
        });
        storage.values().forEach(Azurite::close);
        identity.close();
    }
}
