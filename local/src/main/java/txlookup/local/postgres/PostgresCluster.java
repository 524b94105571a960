package txlookup.local.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import txlookup.local.process.Command;
import txlookup.local.process.Deadline;
import txlookup.local.process.Folders;
import txlookup.local.process.LocalEnvironmentException;

/**
 * Makes a database cluster. initdb works beside the data folder, which gets its place whole by one rename: a folder that
 * is there was made to its end, and what a killed initdb left behind is removed and made anew.
 */
final class PostgresCluster {
    private static final String UNFINISHED = ".initdb-";

    private final PostgresSettings settings;
    private final PostgresBinaries binaries;
    private final PostgresAccount account;

    PostgresCluster(PostgresSettings settings, PostgresBinaries binaries, PostgresAccount account) {
        this.settings = settings;
        this.binaries = binaries;
        this.account = account;
    }

    /** Makes the cluster, or sees that the one in the data folder is of this PostgreSQL. The caller holds the lock. */
    void provide(Deadline deadline) {
        Path data = settings.dataFolder();
        try {
            Folders.deleteUnfinished(data, UNFINISHED, deadline);
            if (Folders.isMissingOrEmpty(data)) {
                initialise(deadline);
            } else {
                requireThisVersion(data);
                account.own(data);
            }
        } catch (IOException e) {
            throw new LocalEnvironmentException(
                    "cannot prepare the PostgreSQL data folder " + data + ": " + e + "; may this user write there?", e);
        }
    }

    private void initialise(Deadline deadline) throws IOException {
        Path data = settings.dataFolder();
        Path unfinished = Files.createTempDirectory(data.getParent(), data.getFileName() + UNFINISHED);
        Path passwordFile = Files.createTempFile(
                data.getParent(),
                data.getFileName() + UNFINISHED,
                ".password",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(passwordFile, settings.password() + "\n");
            account.own(unfinished);
            account.own(passwordFile);
            Command.Result result = Command.run(initdb(unfinished, passwordFile), deadline.left());
            if (!result.succeeded()) {
                throw new LocalEnvironmentException("initdb failed with exit code " + result.exitCode() + " for " + data
                        + "; it wrote:\n" + result.output().strip());
            }
            Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(passwordFile);
            Folders.deleteIfThere(unfinished);
        }
    }

    private List<String> initdb(Path target, Path passwordFile) {
        List<String> command = new ArrayList<>(account.command(
                binaries.initdb().toString(),
                "--pgdata=" + target,
                "--username=" + settings.superuser(),
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions"));
        if ("off".equals(settings.configuration().get("fsync"))) {
            command.add("--no-sync");
        }
        return command;
    }

    private static void requireThisVersion(Path data) throws IOException {
        Optional<String> found = versionOf(data);
        String expected = PostgresBinaries.majorVersion();
        if (found.isEmpty()) {
            throw new LocalEnvironmentException(
                    data + " is not empty and holds no PostgreSQL data (no PG_VERSION); choose another data folder");
        }
        if (!found.get().equals(expected)) {
            throw new LocalEnvironmentException(data + " was made by PostgreSQL " + found.get()
                    + ", but this is PostgreSQL " + expected
                    + "; forget the local data with 'txlookup down --destroy' and start again");
        }
    }

    private static Optional<String> versionOf(Path data) throws IOException {
        try {
            return Optional.of(Files.readString(data.resolve("PG_VERSION")).strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
