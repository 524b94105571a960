package txlookup.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.local.postgres.LocalPostgres;
import txlookup.local.postgres.PostgresSettings;
import txlookup.local.testing.SharedPostgres;

class StarterDeathIT {
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
    void theServerOutlivesTheJvmThatStartedItAndTheNextOneTakesItOver() throws Exception {
        Process starter = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Starter.class.getName(),
                        settings.dataFolder().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long pid;
        try (BufferedReader output = starter.inputReader()) {
            pid = Long.parseLong(output.lines()
                    .filter(line -> line.startsWith(Starter.SAYS))
                    .findFirst()
                    .orElseThrow()
                    .substring(Starter.SAYS.length()));
            starter.destroyForcibly();
            assertThat(starter.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }

        LocalPostgres adopted = LocalPostgres.start(settings);

        assertThat(adopted.pid()).isEqualTo(pid);
        adopted.stop();
        assertThat(ProcessIdentity.of(pid)).isEmpty();
    }

    /** The program of the JVM that is killed. */
    static final class Starter {
        static final String SAYS = "started ";

        private Starter() {}

        public static void main(String[] arguments) throws InterruptedException {
            LocalPostgres postgres = LocalPostgres.start(SharedPostgres.settings(Path.of(arguments[0])));
            System.out.println(SAYS + postgres.pid());
            TimeUnit.MINUTES.sleep(1);
        }
    }
}
