package txlookup.local.postgres;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.local.process.Deadline;
import txlookup.local.process.FolderLock;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.local.process.LogTail;
import txlookup.local.process.OwnSession;
import txlookup.local.process.Ports;
import txlookup.local.process.ProcessIdentity;
import txlookup.local.process.Signal;

/** Starts and ends the server process of one data folder. */
final class PostgresServer {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);
    private static final String NAME = "PostgreSQL";
    private static final int LOG_LINES = 10;
    private static final int TRIES_FOR_A_FREE_PORT = 5;

    private final PostgresSettings settings;
    private final BiFunction<PostgresBinaries, Path, PostgresAccount> accounts;

    PostgresServer(PostgresSettings settings) {
        this(settings, PostgresAccount::choose);
    }

    /** @param accounts decides for binaries and data folder whom the server runs as */
    PostgresServer(PostgresSettings settings, BiFunction<PostgresBinaries, Path, PostgresAccount> accounts) {
        this.settings = settings;
        this.accounts = accounts;
    }

    /** The running server, adopted or started; port 0 picks a free one. */
    PostmasterFile provide(int port) {
        Deadline deadline = Deadline.after(settings.deadline());
        return FolderLock.whileHeld(settings.dataFolder(), deadline, () -> awaitPresent(deadline)
                .orElseGet(() -> startNew(port, deadline)));
    }

    /** A server that is starting is waited for until it is ready, one that is stopping until it is gone. */
    private Optional<PostmasterFile> awaitPresent(Deadline deadline) {
        Path data = settings.dataFolder();
        if (deadline.await(() -> PostmasterFile.ofRunningServer(data)
                .map(PostmasterFile::isReady)
                .orElse(true))) {
            Optional<PostmasterFile> present =
                    PostmasterFile.ofRunningServer(data).filter(PostmasterFile::isReady);
            present.ifPresent(server -> LOG.info(
                    "{} runs already, process {} port {}",
                    NAME,
                    server.process().pid(),
                    server.port()));
            return present;
        }
        throw new LocalEnvironmentException("the PostgreSQL server on " + data + " is neither ready nor gone after "
                + deadline.given().toSeconds() + " s; see " + settings.logFile());
    }

    private PostmasterFile startNew(int port, Deadline deadline) {
        PostgresBinaries binaries = PostgresBinaries.in(settings.binariesFolder());
        PostgresAccount account = accounts.apply(binaries, settings.dataFolder());
        requireFree(port);
        new PostgresCluster(settings, binaries, account).provide(deadline);
        PostmasterFile.removeIfNotOfServer(settings.dataFolder());
        for (int tries = 1; ; tries++) {
            int chosen = port == 0 ? Ports.free() : port;
            long before = System.nanoTime();
            long logEnd = LogTail.end(settings.logFile());
            Process process = OwnSession.start(command(binaries, account, chosen), Map.of(), settings.logFile());
            Optional<PostmasterFile> ready = awaitReady(process, deadline);
            if (ready.isPresent()) {
                LOG.info(
                        "{} ready in {} ms, process {} port {}",
                        NAME,
                        (System.nanoTime() - before) / 1_000_000,
                        ready.get().process().pid(),
                        ready.get().port());
                return ready.get();
            }
            failUnlessWorthAnotherTry(process, port, tries, logEnd, deadline);
        }
    }

    private Optional<PostmasterFile> awaitReady(Process process, Deadline deadline) {
        deadline.await(() -> !process.isAlive()
                || PostmasterFile.ofRunningServer(settings.dataFolder())
                        .filter(PostmasterFile::isReady)
                        .isPresent());
        return PostmasterFile.ofRunningServer(settings.dataFolder()).filter(PostmasterFile::isReady);
    }

    private void failUnlessWorthAnotherTry(Process process, int port, int tries, long logEnd, Deadline deadline) {
        String where = NAME + " on " + settings.dataFolder();
        if (process.isAlive()) {
            // Not killed: a long recovery that is cut short begins again from the start.
            throw new LocalEnvironmentException(
                    where + " is not ready after " + deadline.given().toSeconds()
                            + " s and still starts as process " + process.pid() + "; start again to wait for it"
                            + LogTail.quote(settings.logFile(), logEnd, LOG_LINES));
        }
        String written = LogTail.since(settings.logFile(), logEnd);
        boolean portLost = written.contains("could not bind");
        if (portLost && (port != 0 || tries == TRIES_FOR_A_FREE_PORT)) {
            throw Ports.taken(NAME, port);
        }
        // After a crash the last children of the old server need a moment to notice.
        boolean oldServerEnding = written.contains("pre-existing shared memory block");
        if (deadline.passed() || !(portLost || oldServerEnding)) {
            throw new LocalEnvironmentException(where + " did not start, exit code " + process.exitValue()
                    + LogTail.quote(settings.logFile(), logEnd, LOG_LINES));
        }
        Deadline.pause();
    }

    private static void requireFree(int port) {
        if (port != 0 && Ports.isTaken(port)) {
            throw Ports.taken(NAME, port);
        }
    }

    private List<String> command(PostgresBinaries binaries, PostgresAccount account, int port) {
        Map<String, String> configuration = new LinkedHashMap<>();
        configuration.put("timezone", "UTC");
        configuration.put("log_timezone", "UTC");
        configuration.put("log_line_prefix", "%m [%p] ");
        configuration.putAll(settings.configuration());
        configuration.put("listen_addresses", Ports.LOOPBACK);
        configuration.put("port", Integer.toString(port));
        configuration.put("unix_socket_directories", "");
        List<String> command = new ArrayList<>(account.command(
                binaries.postgres().toString(), "-D", settings.dataFolder().toString()));
        configuration.forEach((name, value) -> {
            command.add("-c");
            command.add(name + "=" + value);
        });
        return command;
    }

    void stop(ProcessIdentity postmaster) {
        Deadline deadline = Deadline.after(settings.deadline());
        Signal.INT.send(postmaster);
        if (!deadline.await(() -> !postmaster.isAlive())) {
            throw new LocalEnvironmentException(NAME + " on " + settings.dataFolder() + ", process " + postmaster.pid()
                    + ", did not stop within " + deadline.given().toSeconds() + " s; see " + settings.logFile());
        }
    }

    void crash(ProcessIdentity postmaster) {
        if (!postmaster.isAlive()) {
            return;
        }
        List<ProcessIdentity> all = new ArrayList<>(List.of(postmaster));
        ProcessHandle.of(postmaster.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .flatMap(child -> ProcessIdentity.of(child.pid()).stream())
                .forEach(all::add);
        all.forEach(Signal.KILL::send);
        Deadline deadline = Deadline.after(settings.deadline());
        if (!deadline.await(() -> all.stream().noneMatch(ProcessIdentity::isAlive))) {
            throw new LocalEnvironmentException(NAME + " processes " + all + " outlived SIGKILL for "
                    + deadline.given().toSeconds() + " s");
        }
    }
}
