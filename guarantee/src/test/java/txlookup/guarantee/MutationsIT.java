package txlookup.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A mutation that does not apply any more proves nothing: each still has its place in the code. */
class MutationsIT {
    private static final Path FOLDER = Path.of("mutations").toAbsolutePath();

    static List<Path> mutations() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".patch"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void thereAreSome() throws IOException {
        assertThat(mutations()).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void applies(Path mutation) throws Exception {
        Process check = new ProcessBuilder("git", "apply", "--check", mutation.toString())
                .directory(FOLDER.getParent().getParent().toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(check.waitFor()).as(said).isZero();
    }
}
