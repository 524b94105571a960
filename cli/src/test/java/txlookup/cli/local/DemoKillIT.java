package txlookup.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo's process is killed at random moments, again and again, and begun again: it ends GO, which includes that the
 * store equals what was generated, row for row by digest.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class DemoKillIT {
    @TempDir
    private Path folder;

    private LocalCommands commands;

    @BeforeEach
    void open() throws Exception {
        // What is judged here is the store; other tests may use this machine's time.
        commands = new LocalCommands(folder).withWideObjectives();
    }

    @AfterEach
    void down() throws Exception {
        commands.run("down.txt", "down", "--destroy", "--discard-audit");
    }

    @Test
    @Tag("nightly")
    void tenKillsOfTheWholeDemoStillEndInTheSameStore() throws Exception {
        int payments = 100_000;
        long seed = 2;
        Random random = new Random(seed);
        String[] demo = {
            "demo", "--exit", "--payments", Integer.toString(payments), "--events", Integer.toString(payments / 5 * 3)
        };
        for (int kill = 0; kill < 10; kill++) {
            int lived = 1_500 + random.nextInt(25_000);
            Process process = commands.start("kill-" + kill + ".txt", demo);
            if (!process.waitFor(lived, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
        int code = commands.run("last.txt", demo);
        String output = commands.output("last.txt");
        assertThat(code).as("seed %d: %s", seed, output).isZero();
        assertThat(output)
                .contains("GO in ")
                .containsPattern("gate  ledger entries +pass")
                .containsPattern("gate  payment orders +pass");
    }
}
