package txlookup.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Jazzer in processes of its own: inputs that reach code which none reached before are kept and varied. {@code
 * guarantee/fuzz/run} starts these with the numbers of its options; the seed is new each time, and is printed.
 */
@Tag("nightly")
class JazzerTest {
    private static final Path FOLDER = Path.of("target", "fuzz").toAbsolutePath();

    @Test
    void theDecoderJudgesEveryInputAsTheContractDoes() throws Exception {
        fuzz("decoder", DecoderFuzz.class, "txlookup.apply.**", Long.getLong("fuzz.decoder", 2_000_000));
        System.out.println(Files.readString(FOLDER.resolve("decoder").resolve("coverage.txt")));
    }

    @Test
    void theStoreHoldsWhatTheContractSaysOfEveryInput() throws Exception {
        fuzz("store", StoreFuzz.class, "txlookup.apply.**", Long.getLong("fuzz.store", 200_000));
    }

    private static void fuzz(String name, Class<?> target, String instrumented, long runs)
            throws IOException, InterruptedException {
        long seed = Long.getLong("fuzz.seed", System.nanoTime() % 1_000_000_000);
        Path folder = FOLDER.resolve(name);
        RawInput.writeAll(Corpus.read(), folder.resolve("seeds"));
        Files.createDirectories(folder.resolve("found"));
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                "-Duser.timezone=Asia/Seoul",
                "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"),
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=" + instrumented,
                // Jazzer's own detectors look for injections, which is another question.
                "--custom_hook_includes=none.**",
                "--reproducer_path=" + folder,
                "--coverage_report=" + folder.resolve("coverage.txt"),
                "-artifact_prefix=" + folder + "/",
                "-runs=" + runs,
                "-seed=" + seed,
                "-max_len=4096",
                "-timeout=60",
                "-rss_limit_mb=0",
                folder.resolve("found").toString(),
                folder.resolve("seeds").toString());
        // Minutes are long enough for the thorough compiler that the suite goes without.
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Path log = folder.resolve("log.txt");
        long began = System.nanoTime();
        int code = builder.redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        String said = Files.readString(log);
        System.out.printf(
                "fuzz %s: seed %d, %d runs wanted, %d s, exit code %d%n",
                name, seed, runs, (System.nanoTime() - began) / 1_000_000_000, code);
        assertThat(code)
                .as(() -> "seed %d, %s ends with:%n%s".formatted(seed, log, end(said)))
                .isZero();
        assertThat(said).contains("Done " + runs + " runs");
    }

    private static String end(String log) {
        List<String> lines = log.lines().filter(line -> !line.isBlank()).toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }
}
