package txlookup.rebuild.local;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.profiles.Profile;
import txlookup.profiles.Stage;
import txlookup.profiles.secrets.Secret;
import txlookup.profiles.settings.DatabaseRole;
import txlookup.rebuild.evidence.Journal;
import txlookup.rebuild.platform.ConsumerProcesses;
import txlookup.rebuild.platform.HeldByAnotherException;
import txlookup.rebuild.platform.HeldLock;

/**
 * The environment on this machine as a whole: which process may work on it, what of it runs, and its end. While an
 * instance is open, no other process can start, stop or rebuild the same data folder; one that is open for a rebuild beside
 * what serves leaves alone who only keeps traffic flowing.
 */
public final class LocalEnvironment implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(15);

    private final LocalFolders folders;
    private final LocalServers servers;
    private final LocalProcesses processes;
    private final Optional<HeldLock> whole;
    private Optional<HeldLock> rebuilding = Optional.empty();

    /**
     * Takes the environment.
     *
     * @param self how this program is started, up to and without its command
     * @throws LocalEnvironmentException when another process works on it, or the profile is no local one
     */
    public LocalEnvironment(Profile profile, List<String> self) throws IOException {
        this(profile, self, true);
    }

    /**
     * Takes it for a rebuild beside what serves: also while a demo keeps its traffic flowing.
     *
     * @throws LocalEnvironmentException when another process starts, stops or rebuilds it, or the profile is no local one
     */
    public static LocalEnvironment toRebuild(Profile profile, List<String> self) throws IOException {
        return new LocalEnvironment(profile, self, false);
    }

    private LocalEnvironment(Profile profile, List<String> self, boolean all) throws IOException {
        requireLocal(profile);
        folders = folders(profile);
        folders.make();
        servers = new LocalServers(profile, folders);
        processes = new LocalProcesses(profile, folders, self);
        whole = all ? Optional.of(take(folders.lock())) : Optional.empty();
        try {
            rebuilding = Optional.of(take(folders.rebuildLock()));
        } catch (LocalEnvironmentException e) {
            close();
            throw e;
        }
    }

    private static HeldLock take(Path file) throws IOException {
        try {
            return HeldLock.take(file);
        } catch (HeldByAnotherException e) {
            throw new LocalEnvironmentException(e.getMessage(), e);
        }
    }

    /** From here on another process may rebuild, while this one starts and stops nothing. */
    public void letOthersRebuild() throws IOException {
        if (rebuilding.isPresent()) {
            rebuilding.get().close();
            rebuilding = Optional.empty();
        }
    }

    /**
     * Ends what {@link #letOthersRebuild} began.
     *
     * @throws LocalEnvironmentException while another process rebuilds
     */
    public void takeBack() throws IOException {
        if (rebuilding.isEmpty()) {
            rebuilding = Optional.of(take(folders.rebuildLock()));
        }
    }

    private static void requireLocal(Profile profile) {
        if (profile.stage() != Stage.LOCAL) {
            throw new LocalEnvironmentException(
                    "Profile %s is of stage %s; this command works on this machine's environment only. Use --profile local"
                            .formatted(profile.origin(), profile.stage()));
        }
    }

    public static LocalFolders folders(Profile profile) {
        return new LocalFolders(profile.local().dataFolder());
    }

    /** What of it runs and what does not; takes no lock. */
    public static List<LocalPart> parts(Profile profile) {
        requireLocal(profile);
        LocalFolders folders = folders(profile);
        List<LocalPart> processes = new LocalProcesses(profile, folders, List.of()).parts();
        boolean wanted = processes.stream().anyMatch(LocalPart::wanted);
        List<LocalPart> parts = new ArrayList<>(new LocalServers(profile, folders).parts(wanted));
        parts.addAll(processes);
        return parts;
    }

    /** The environment as a rebuild's platform. */
    public LocalPlatform platform(Profile profile, Map<String, String> environment) {
        return new LocalPlatform(profile, folders, servers, processes, new LocalSecrets(folders, environment));
    }

    /**
     * Makes room for a demo: a killed one resumes, a decided one makes way for a new one.
     *
     * @throws LocalEnvironmentException when the folder holds an environment that no demo made
     */
    public void beginDemo() throws IOException {
        Optional<Journal> last = journal();
        if (last.isPresent() && !Files.exists(folders.demoMark())) {
            throw new LocalEnvironmentException(
                    "%s holds generation %d, which txlookup up made; forget it with txlookup down --destroy, or name another folder with --set local.dataFolder=..."
                            .formatted(folders.root(), last.get().generation()));
        }
        Files.writeString(folders.demoMark(), "");
        if (last.filter(Journal::isOpen).isEmpty()) {
            destroyData();
        }
    }

    /** The consumers, also for a process that has not taken the environment. */
    public static ConsumerProcesses consumers(Profile profile) {
        requireLocal(profile);
        return new LocalProcesses(profile, folders(profile), List.of());
    }

    /** Where the consumer of a generation answers; empty where none was started. */
    public static Optional<URI> consumerAddress(Profile profile, long generation) {
        return new LocalProcesses(profile, folders(profile), List.of())
                .consumer(generation)
                .address();
    }

    /** Without anything there, what is made next is no demo's. */
    public void beginUp() throws IOException {
        if (journal().isEmpty()) {
            Files.deleteIfExists(folders.demoMark());
        }
    }

    /** The journal of the rebuild by which it was made, or is being made. */
    public Optional<Journal> journal() throws IOException {
        return Journal.read(folders.journal());
    }

    public LocalFolders folders() {
        return folders;
    }

    /** Whether a demo made it, so that the next demo may make it again. */
    public boolean isOfDemo() {
        return Files.exists(folders.demoMark());
    }

    /**
     * Its own database, started if it does not run; empty when there are no data, or the profile names another server.
     *
     * @param variables the process's environment
     */
    public Optional<HikariDataSource> store(DatabaseRole role, Profile profile, Map<String, String> variables)
            throws IOException {
        String password = profile.database().passwordVariable().orElseThrow();
        Optional<Secret> secret = new LocalSecrets(folders, variables).find(password);
        if (secret.isEmpty() || journal().isEmpty() || !Files.isDirectory(folders.postgres())) {
            return Optional.empty();
        }
        servers.startPostgres(secret.get());
        return Optional.of(StoreConnections.control(
                role,
                profile.database().jdbcUrl(),
                profile.database().user(),
                secret.get().reveal(),
                2,
                CONNECT,
                profile.database().statementTimeout()));
    }

    /** Stops everything in good order; the data stays. */
    public void stop() throws IOException {
        processes.stop();
        servers.stop();
    }

    /** Stops everything at once and forgets its data: the next rebuild begins from nothing. Evidence and logs stay. */
    public void destroyData() throws IOException {
        processes.kill();
        servers.crash();
        folders.deleteData();
    }

    /** Stops everything at once and deletes the whole folder. */
    public void destroy() throws IOException {
        destroyData();
        close();
        folders.deleteAll();
    }

    @Override
    public void close() throws IOException {
        letOthersRebuild();
        if (whole.isPresent()) {
            whole.get().close();
        }
    }
}
