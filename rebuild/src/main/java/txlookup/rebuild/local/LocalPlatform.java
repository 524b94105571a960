package txlookup.rebuild.local;

import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import txlookup.apply.store.Generation;
import txlookup.apply.store.StoreConnections;
import txlookup.backfill.source.Input;
import txlookup.migrations.Migrations;
import txlookup.profiles.Profile;
import txlookup.profiles.Secret;
import txlookup.rebuild.Platform;

/** This machine as a platform. Without an extract and without gates it is what {@code txlookup up} makes. */
public class LocalPlatform implements Platform, AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(15);

    private final Profile profile;
    private final LocalFolders folders;
    private final LocalServers servers;
    private final LocalProcesses processes;
    private final LocalSecrets secrets;
    private HikariDataSource store;

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
    }

    LocalPlatform(LocalPlatform other) {
        this(other.profile, other.folders, other.servers, other.processes, other.secrets);
    }

    @Override
    public String create() throws Exception {
        processes.requirePorts();
        // PostgreSQL is made with its password, so the secrets come into being here; step 2 checks that they work.
        secrets.makeMissing(profile.secretNames());
        return servers.start(password());
    }

    private Secret password() {
        String name = profile.database().passwordVariable().orElseThrow();
        return secrets.require(List.of(name)).get(name);
    }

    @Override
    public String injectSecrets() {
        secrets.require(profile.secretNames());
        store = StoreConnections.open(
                profile.database().jdbcUrl(),
                profile.database().user(),
                password().reveal(),
                profile.database().poolSize(),
                CONNECT,
                profile.database().statementTimeout());
        new Migrations(store).revision();
        return "%d secrets in %s; the database accepts them"
                .formatted(profile.secretNames().size(), folders.secrets());
    }

    /** Starts everything of a generation that was decided GO, after it was stopped. */
    public void startAgain(long generation) throws Exception {
        create();
        injectSecrets();
        processes.startConsumer(generation);
        processes.startApi();
    }

    @Override
    public HikariDataSource store() {
        return store;
    }

    @Override
    public Map<String, Object> brokerSettings() {
        return profile.messaging().adminProperties();
    }

    @Override
    public Optional<Instant> extractReadAt(Instant cutover) {
        return Optional.empty();
    }

    @Override
    public List<Input> extract(Instant cutover) throws Exception {
        return List.of();
    }

    @Override
    public String startConsumers(Generation generation) throws Exception {
        long pid = processes.startConsumer(generation.number()).pid();
        return "consumer process %d".formatted(pid);
    }

    @Override
    public void requireConsumers() {
        processes.requireConsumer();
    }

    @Override
    public URI startApi() throws Exception {
        processes.startApi();
        return processes.api();
    }

    @Override
    public Map<String, URI> metrics() {
        Map<String, URI> metrics = new LinkedHashMap<>();
        metrics.put(LocalProcesses.CONSUMER, processes.consumer().resolve("/metrics"));
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
        if (store != null) {
            store.close();
        }
    }
}
