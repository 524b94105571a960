package txlookup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.cli.local.LocalCommands;

/** What a newcomer runs into is said in a line, early, with what to do. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RefusalIT {
    @TempDir
    private Path folder;

    @Test
    void aTakenPortIsNamedWithItsSettingBeforeAnythingStarts() throws Exception {
        LocalCommands commands = new LocalCommands(folder);
        try (ServerSocket taken = new ServerSocket(LocalCommands.API_PORT, 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            assertThat(commands.run("demo.txt", "demo", "--exit")).isEqualTo(1);
        }
        assertThat(commands.output("demo.txt"))
                .contains("NO_GO")
                .contains("ENVIRONMENT_BLOCKED")
                .contains("Port 28080 for the api is taken by another program")
                .contains("--set api.port=");
        assertThat(folder.resolve("data/postgres")).doesNotExist();
    }

    @Test
    void aFolderThatHoldsSomethingElseIsLeftAlone() throws Exception {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/precious.txt"), "mine");
        LocalCommands commands = new LocalCommands(folder);
        assertThat(commands.run("demo.txt", "demo", "--exit")).isEqualTo(1);
        assertThat(commands.output("demo.txt")).contains("is not a local environment");
        assertThat(commands.run("down.txt", "down", "--destroy")).isEqualTo(1);
        assertThat(folder.resolve("data/precious.txt")).hasContent("mine");
    }

    @Test
    void aSecondCommandOnTheSameFolderIsToldWhoIsThere() throws Exception {
        LocalCommands commands = new LocalCommands(folder);
        Process first = commands.start("first.txt", "demo", "--payments", "2000", "--events", "400");
        try {
            Path lock = folder.resolve("data/run/lock");
            while (!Files.exists(lock) || Files.size(lock) == 0) {
                Thread.sleep(20);
            }
            assertThat(commands.run("second.txt", "demo", "--exit")).isEqualTo(5);
            assertThat(commands.output("second.txt"))
                    .contains("Another txlookup (process " + first.pid() + ") works on");
        } finally {
            first.destroy();
            assertThat(first.waitFor(90, TimeUnit.SECONDS))
                    .as("ends after SIGTERM")
                    .isTrue();
            assertThat(commands.output("first.txt")).contains("Stopped");
            commands.run("down.txt", "down", "--destroy");
        }
    }
}
