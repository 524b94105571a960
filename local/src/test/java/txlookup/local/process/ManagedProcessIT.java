package txlookup.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagedProcessIT {
    private static final Duration DEFINITELY_TOO_SLOW = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Path pidFile;
    private Path logFile;

    @BeforeEach
    void chooseFiles() {
        pidFile = folder.resolve("worker.pid");
        logFile = folder.resolve("logs").resolve("worker.log");
    }

    @AfterEach
    void killWhatStillRuns() {
        ManagedProcess.find(pidFile).ifPresent(ManagedProcess::kill);
    }

    @Test
    void isFoundAgainByItsPidFileWithItsNameAndItsLog() {
        ManagedProcess started = start("echo \"hello $WHO\"; exec sleep 60", Map.of("WHO", "world"));

        ManagedProcess found = ManagedProcess.find(pidFile).orElseThrow();

        assertThat(found.pid()).isEqualTo(started.pid());
        assertThat(found.name()).isEqualTo("worker");
        assertThat(Deadline.after(DEFINITELY_TOO_SLOW)
                        .await(() -> found.lastLogLines(1).equals(List.of("hello world"))))
                .as("log: %s", found.lastLogLines(5))
                .isTrue();
    }

    @Test
    void runsInASessionOfItsOwn() {
        ManagedProcess process = start("exec sleep 60", Map.of());

        assertThat(Deadline.after(DEFINITELY_TOO_SLOW)
                        .await(() -> sessionOf(process.pid()).equals(Long.toString(process.pid()))))
                .as("session %s of process %s", sessionOf(process.pid()), process.pid())
                .isTrue();
    }

    @Test
    void isNotStartedTwice() {
        ManagedProcess process = start("exec sleep 60", Map.of());

        assertThatThrownBy(() -> start("exec sleep 60", Map.of()))
                .isInstanceOf(LocalEnvironmentException.class)
                .hasMessageContaining("worker runs already as process " + process.pid());
    }

    @Test
    void endsInGoodOrderWithinTheGrace() {
        ManagedProcess process =
                start("trap 'echo tidy; exit 0' TERM; echo ready; while :; do sleep 0.05; done", Map.of());
        awaitLine(process, "ready");

        process.stop(DEFINITELY_TOO_SLOW);

        assertThat(process.isRunning()).isFalse();
        assertThat(process.lastLogLines(1)).containsExactly("tidy");
        assertThat(ManagedProcess.find(pidFile)).isEmpty();
    }

    @Test
    void isKilledWhenItIgnoresTheRequestToEnd() {
        ManagedProcess process = start("trap '' TERM; echo ready; while :; do sleep 0.05; done", Map.of());
        awaitLine(process, "ready");

        process.stop(Duration.ofMillis(200));

        assertThat(process.isRunning()).isFalse();
    }

    @Test
    void endsInGoodOrderAlthoughFrozen() {
        ManagedProcess process =
                start("trap 'echo tidy; exit 0' TERM; echo ready; while :; do sleep 0.05; done", Map.of());
        awaitLine(process, "ready");
        process.freeze();

        process.stop(DEFINITELY_TOO_SLOW);

        assertThat(process.lastLogLines(1)).containsExactly("tidy");
    }

    @Test
    void doesNotMistakeAnotherProcessWithTheSameId() throws Exception {
        start("exec sleep 60", Map.of()).kill();
        TimeUnit.MILLISECONDS.sleep(50); // births are told apart by clock ticks of 10 ms
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            String content = Files.readString(pidFile);
            Files.writeString(pidFile, content.replaceAll("(?m)^pid=.*$", "pid=" + stranger.pid()));

            assertThat(ManagedProcess.find(pidFile)).isEmpty();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void aSignalToAnIdThatWasGivenAwayReachesNoOne() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            Signal.KILL.send(new ProcessIdentity(stranger.pid(), "born another day"));

            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void aDeadProcessThatNoOneBuriedIsDead() throws Exception {
        // The parent neither waits for its child nor ends, so the child stays a zombie.
        Process parent = new ProcessBuilder("/bin/sh", "-c", "sleep 0 & echo $!; exec sleep 60").start();
        try (var output = parent.inputReader()) {
            long child = Long.parseLong(output.readLine());

            assertThat(Deadline.after(DEFINITELY_TOO_SLOW)
                            .await(() -> ProcessIdentity.of(child).isEmpty()))
                    .isTrue();
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void aBrokenPidFileIsAnErrorAndNotAbsence() throws Exception {
        Files.writeString(pidFile, "pid=soon\n");

        assertThatThrownBy(() -> ManagedProcess.find(pidFile))
                .isInstanceOf(LocalEnvironmentException.class)
                .hasMessageContaining(pidFile.toString());
        Files.delete(pidFile);
    }

    @Test
    void aMissingProgramIsNamed() {
        Optional<ManagedProcess> before = ManagedProcess.find(pidFile);

        assertThat(before).isEmpty();
        assertThat(start("sleep 0.3; exec no-such-program-here", Map.of()).awaitExit(DEFINITELY_TOO_SLOW))
                .isTrue();
        assertThat(LogTail.quote(logFile, 0, 3)).contains("no-such-program-here");
    }

    private ManagedProcess start(String script, Map<String, String> environment) {
        return ManagedProcess.start("worker", List.of("/bin/sh", "-c", script), environment, logFile, pidFile);
    }

    private static void awaitLine(ManagedProcess process, String line) {
        assertThat(Deadline.after(DEFINITELY_TOO_SLOW)
                        .await(() -> process.lastLogLines(1).equals(List.of(line))))
                .isTrue();
    }

    private static String sessionOf(long pid) {
        return Command.run(List.of("ps", "-o", "sess=", "-p", Long.toString(pid)), DEFINITELY_TOO_SLOW)
                .output()
                .strip();
    }
}
