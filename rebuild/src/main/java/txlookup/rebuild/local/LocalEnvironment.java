package txlookup.rebuild.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import txlookup.local.LocalEnvironmentException;
import txlookup.profiles.Profile;
import txlookup.profiles.Stage;
import txlookup.rebuild.Journal;

/**
 * The environment on this machine as a whole: whose turn it is to work on it, what of it runs, and its end. While an
 * instance is open, no other process can start, stop or rebuild the same data folder.
 */
public final class LocalEnvironment implements AutoCloseable {
    private final LocalFolders folders;
    private final LocalServers servers;
    private final LocalProcesses processes;
    private final FileChannel lockFile;

    /**
     * Takes the environment.
     *
     * @param self how this program is started, up to and without its command
     * @throws LocalEnvironmentException when another process works on it, or the profile is no local one
     */
    public LocalEnvironment(Profile profile, List<String> self) throws IOException {
        requireLocal(profile);
        folders = folders(profile);
        folders.make();
        servers = new LocalServers(profile, folders);
        processes = new LocalProcesses(profile, folders, self);
        lockFile = lock(folders.lock());
    }

    private static void requireLocal(Profile profile) {
        if (profile.stage() != Stage.LOCAL) {
            throw new LocalEnvironmentException(
                    "Profile %s is of stage %s; this command works on this machine's environment only. Use --profile local"
                            .formatted(profile.origin(), profile.stage()));
        }
    }

    private static FileChannel lock(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            byte[] holder = Files.readAllBytes(file);
            channel.close();
            throw new LocalEnvironmentException(
                    "Another txlookup (process %s) works on %s; let it end, or end it with Ctrl-C"
                            .formatted(
                                    new String(holder, StandardCharsets.US_ASCII),
                                    file.getParent().getParent()));
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        return channel;
    }

    /** The folders of a profile's environment. */
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
     * Makes room for a demo: one that was killed is gone on with, one that was decided makes way for a new one.
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

    /** Without anything there, what is made next is no demo's. */
    public void beginUp() throws IOException {
        if (journal().isEmpty()) {
            Files.deleteIfExists(folders.demoMark());
        }
    }

    /** The last rebuild's journal, or the one that is under way. */
    public Optional<Journal> journal() throws IOException {
        return Journal.read(folders.journal());
    }

    public LocalFolders folders() {
        return folders;
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
        lockFile.close();
    }
}
