package txlookup.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The doors' own tests and shellcheck: skipped where a program is missing, but not where CI is set. */
class DoorsIT {
    @Test
    void theDoorsDoWhatTheirTestsSay() throws Exception {
        requireProgram("bats");
        assertThat(run("bats", "tests")).startsWith("exit 0");
    }

    @Test
    void shellcheckFindsNothing() throws Exception {
        requireProgram("shellcheck");
        assertThat(run("shellcheck", "destroy.sh", "recreate.sh", "promote.sh")).isEqualTo("exit 0\n");
    }

    private static void requireProgram(String program) {
        boolean there = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!there) {
            System.out.println("NOT TESTED: the doors of azure/, because %s is not installed".formatted(program));
        }
        assumeTrue(there || System.getenv("CI") != null, program + " is not installed");
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return "exit %d%n%s".formatted(process.waitFor(), output);
    }
}
