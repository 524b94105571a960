package txlookup.guarantee.fault;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.guarantee.Trial;
import txlookup.guarantee.witness.Stored;

/** A disk in memory with a tablespace, small enough to be filled in a moment. It takes root to mount one. */
public final class SmallDisk {
    private static final String TABLESPACE = "small_disk";
    private static final int MEGABYTES = 48;

    private static @Nullable Boolean mountable;

    private final Path folder;
    private final Path filling;

    private SmallDisk(Path folder) {
        this.folder = folder;
        this.filling = folder.resolve("somebody-elses-file");
    }

    /** With {@code CI} set, a machine where none can be mounted fails, as it does for programs that are missing. */
    public static synchronized void assumeMountable() throws IOException, InterruptedException {
        if (mountable == null) {
            Path folder = Files.createTempDirectory("txlookup-small-disk-");
            mountable = run(List.of("mount", "-t", "tmpfs", "tmpfs", folder.toString())) == 0
                    && run(List.of("umount", folder.toString())) == 0;
            Files.delete(folder);
        }
        assumeTrue(
                mountable || System.getenv("CI") != null,
                "no small disk can be mounted to be filled: run as root, or let this user 'sudo -n mount'");
    }

    public static SmallDisk mount(Path folder, UserPrincipal owner) throws IOException, InterruptedException {
        Files.createDirectory(folder);
        String size = "size=%dm,mode=0777".formatted(MEGABYTES);
        int code = run(List.of("mount", "-t", "tmpfs", "-o", size, "tmpfs", folder.toString()));
        if (code != 0) {
            throw new IOException("mounting a tmpfs on " + folder + " ended with " + code);
        }
        SmallDisk disk = new SmallDisk(folder);
        Files.setOwner(Files.createDirectory(disk.tablespace()), owner);
        return disk;
    }

    private Path tablespace() {
        return folder.resolve("tablespace");
    }

    public String createTablespace() {
        return "CREATE TABLESPACE %s LOCATION '%s'".formatted(TABLESPACE, tablespace());
    }

    /** Moves a trial's entries here, with their indexes. */
    void takeIn(Trial trial) throws SQLException {
        Stored.execute(trial, "ALTER TABLE ledger_entry SET TABLESPACE " + TABLESPACE);
        for (String index : Stored.all(
                        trial, "SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'ledger_entry'::regclass")
                .lines()
                .toList()) {
            Stored.execute(trial, "ALTER INDEX %s SET TABLESPACE %s".formatted(index, TABLESPACE));
        }
    }

    /** Leaves no byte. */
    void fill() throws IOException {
        byte[] chunk = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filling)) {
            for (int written = 0; written <= MEGABYTES << 20; written += chunk.length) {
                out.write(chunk);
            }
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("No space left")) {
                return;
            }
            throw e;
        }
        throw new IOException(folder + " took more than it can hold");
    }

    void free() throws IOException {
        Files.deleteIfExists(filling);
    }

    /** Whoever stops the suite does not wait: what still holds a file there lets go of it when it ends. */
    public void unmount() {
        try {
            run(List.of("umount", "-l", folder.toString()));
        } catch (IOException e) {
            throw new IllegalStateException("cannot unmount " + folder, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As root itself, or by a sudo that does not ask. */
    private static int run(List<String> command) throws IOException, InterruptedException {
        String either = "\"$@\" || sudo -n \"$@\"";
        List<String> shell = new ArrayList<>(List.of("/bin/sh", "-c", either, "sh"));
        shell.addAll(command);
        Process process = new ProcessBuilder(shell).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (code != 0) {
            System.out.println(String.join(" ", command) + ": " + said.strip());
        }
        return code;
    }
}
