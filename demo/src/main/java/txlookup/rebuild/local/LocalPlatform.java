package txlookup.rebuild.local;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import txlookup.apply.generation.Serving;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.backfill.source.Input;
import txlookup.local.process.ManagedProcess;
import txlookup.migrations.Migrations;
import txlookup.migrations.Roles;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.secrets.Secret;
import txlookup.rebuild.evidence.Journal;
import txlookup.rebuild.platform.Platform;
import txlookup.rebuild.platform.StorePools;
import txlookup.rebuild.serving.LiveGenerations;

/** This machine as a platform. Without an extract and without gates it is what {@code txlookup up} makes. */
public class LocalPlatform implements Platform, AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(15);

    private final Profile profile;
    private final LocalFolders folders;
    private final LocalServers servers;
    private final LocalProcesses processes;
    private final LocalSecrets secrets;
    private final StorePools pools;

    LocalPlatform(
            Profile profile,
            LocalFolders folders,
            LocalServers servers,
            LocalProcesses processes,
            LocalSecrets secrets) {
        this.profile = profile;
        this.folders = folders;
        this.servers = servers;
        this.processes = processes;
        this.secrets = secrets;
        this.pools = new StorePools(this::openControl, this::openGeneration);
    }

    LocalPlatform(LocalPlatform other) {
        this(other.profile, other.folders, other.servers, other.processes, other.secrets);
    }

    @Override
    public String create() throws Exception {
        processes.requirePorts();
        // PostgreSQL is made with its password, so the secrets come into being here; step 2 checks that they work.
        secrets.makeMissing(profile.secretNames());
        String made = servers.start(password());
        try (HikariDataSource administrator = openControl()) {
            if (servers.given().isPresent()) {
                String address =
                        servers.given().get() + "/" + profile.database().name();
                GivenDatabase.requireOwn(administrator, address, Journal.read(folders.journal()));
            }
            Roles.make(administrator, profile.database().user());
        }
        return made;
    }

    private Secret password() {
        String name = profile.database().passwordVariable().orElseThrow();
        return secrets.require(List.of(name)).get(name);
    }

    @Override
    public String injectSecrets() throws Exception {
        secrets.require(profile.secretNames());
        Migrations.ofControl(control()).revision();
        return "%d secrets in %s; the database accepts them"
                .formatted(profile.secretNames().size(), folders.secrets());
    }

    private HikariDataSource openControl() {
        return StoreConnections.control(
                profile.database().jdbcUrl(),
                profile.database().user(),
                password().reveal(),
                profile.database().poolSize(),
                CONNECT,
                profile.database().statementTimeout());
    }

    private HikariDataSource openGeneration(long generation) {
        return StoreConnections.generation(
                generation,
                profile.database().jdbcUrl(),
                profile.database().user(),
                password().reveal(),
                profile.database().poolSize(),
                CONNECT,
                profile.database().statementTimeout());
    }

    /**
     * Starts the servers, and the processes of every live generation, after they were stopped.
     *
     * @return what serves; empty where nothing does, and only the servers run then
     */
    public Optional<Long> startAgain() throws Exception {
        create();
        injectSecrets();
        return startLive();
    }

    /** Starts, where they do not run, the consumers of all live generations and the API. */
    final Optional<Long> startLive() throws Exception {
        LiveGenerations live = new LiveGenerations(control());
        Optional<Long> serving = live.serving().map(Serving::generation);
        if (serving.isPresent()) {
            for (Generation generation : live.consumed()) {
                processes.startConsumer(generation.number());
            }
            processes.startApi();
        }
        return serving;
    }

    @Override
    public HikariDataSource control() {
        return pools.control();
    }

    @Override
    public HikariDataSource store(long generation) {
        return pools.generation(generation);
    }

    @Override
    public OptionalLong freeDisk() throws IOException {
        return servers.given().isPresent()
                ? OptionalLong.empty()
                : OptionalLong.of(Files.getFileStore(folders.root()).getUsableSpace());
    }

    @Override
    public Map<String, Object> brokerSettings() {
        return profile.messaging().adminProperties();
    }

    @Override
    public Optional<Instant> extractReadAt(Instant cutover) throws Exception {
        return Optional.empty();
    }

    @Override
    public List<Input> extract(Instant cutover) throws Exception {
        // A later rebuild beside this generation has the log alone, from here on.
        KeptExtract.ofNothing(
                folders.extract(GenerationNumber.fromCutover(cutover).value()), cutover);
        return List.of();
    }

    @Override
    public String startConsumers(Generation generation) throws Exception {
        ManagedProcess consumer = processes.startConsumer(generation.number());
        return "consumer process %d at %s"
                .formatted(
                        consumer.pid(),
                        processes.consumer(generation.number()).address().orElseThrow());
    }

    @Override
    public void requireConsumers(Generation generation) {
        processes.consumer(generation.number()).requireRunning();
    }

    /** Starts the issuer that people sign in at. */
    public URI startIssuer() throws Exception {
        return processes.startIssuer();
    }

    @Override
    public URI startApi() throws Exception {
        processes.startApi();
        return processes.api();
    }

    @Override
    public Map<String, URI> metrics(Generation generation) {
        Map<String, URI> metrics = new LinkedHashMap<>();
        processes
                .consumer(generation.number())
                .address()
                .ifPresent(consumer -> metrics.put(LocalProcesses.CONSUMER, consumer.resolve("/metrics")));
        metrics.put(LocalProcesses.API, processes.api().resolve("/metrics"));
        return metrics;
    }

    @Override
    public List<Gate> gates() {
        return List.of();
    }

    Profile profile() {
        return profile;
    }

    LocalFolders folders() {
        return folders;
    }

    @Override
    public void close() {
        pools.close();
    }
}
