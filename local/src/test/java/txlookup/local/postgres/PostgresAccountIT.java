package txlookup.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.local.testing.SharedPostgres;

class PostgresAccountIT {
    @TempDir
    Path folder;

    private PostgresSettings settings;

    @BeforeEach
    void chooseDataFolder() {
        settings = SharedPostgres.settings(folder.resolve("data"));
    }

    @AfterEach
    void crashWhatStillRuns() {
        LocalPostgres.find(settings).ifPresent(LocalPostgres::crash);
    }

    @Test
    void neverRunsPostgresAsRoot() throws Exception {
        LocalPostgres postgres = LocalPostgres.start(settings);

        assertThat(postgres.isRunning()).isTrue();
        assertThat(statusLine(postgres.pid(), "CapEff")).endsWith("0000000000000000");
    }

    @Test
    void rootWithoutNamespacesRunsItAsAnotherUserWhoThenKeepsTheData() throws Exception {
        UserPrincipal nobody = PostgresAccount.user("nobody").orElse(null);
        assumeTrue(System.getProperty("user.name").equals("root") && nobody != null, "root and nobody are needed");
        List<PostgresAccount> ways = Stream.of(
                        PostgresAccount.asUser(nobody, List.of()),
                        PostgresAccount.asUser(nobody, PostgresAccount.PASS_PRIVATE_FOLDERS))
                .flatMap(Optional::stream)
                .toList();
        PostgresServer server =
                new PostgresServer(settings, (binaries, data) -> PostgresAccount.choose(binaries, data, ways));

        PostmasterFile first = server.provide(0);

        assertThat(Files.getOwner(settings.dataFolder())).isEqualTo(nobody);
        assertThat(userOf(first)).isEqualTo("nobody");

        server.stop(first.process());
        LocalPostgres later = LocalPostgres.start(settings);

        assertThat(userOf(PostmasterFile.ofRunningServer(settings.dataFolder()).orElseThrow()))
                .isEqualTo("nobody");
        assertThat(later.createDatabase("kept")).isTrue();
    }

    @Test
    void saysWhatWasTriedWhenThereIsNoWay() {
        PostgresBinaries binaries = PostgresBinaries.in(settings.binariesFolder());
        PostgresAccount forbidden = new PostgresAccount(
                List.of("/bin/sh", "-c", "echo 'unshare failed: Operation not permitted' >&2; exit 1"),
                Optional.empty());

        assertThatThrownBy(() -> PostgresAccount.choose(binaries, settings.dataFolder(), List.of(forbidden)))
                .isInstanceOf(LocalEnvironmentException.class)
                .hasMessageContaining("PostgreSQL does not run as root")
                .hasMessageContaining("Operation not permitted")
                .hasMessageEndingWith("run as an ordinary user");
    }

    private static String userOf(PostmasterFile server) {
        return ProcessHandle.of(server.process().pid())
                .orElseThrow()
                .info()
                .user()
                .orElseThrow();
    }

    private static String statusLine(long pid, String field) throws Exception {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        assumeTrue(Files.exists(status), "/proc is needed");
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(field))
                .findFirst()
                .orElseThrow();
    }
}
