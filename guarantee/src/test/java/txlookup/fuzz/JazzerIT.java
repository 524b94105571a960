package txlookup.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import txlookup.fuzz.input.RawInput;

/**
 * Jazzer in processes of its own: inputs that reach code which none reached before are kept and varied. {@code
 * guarantee/fuzz/run} starts these with the numbers of its options; the seed is new each time, and is printed.
 */
@Tag("nightly")
class JazzerIT {
    private static final Path FOLDER = Path.of("target", "fuzz").toAbsolutePath();

    private static final String INSTRUMENTED = "txlookup.apply.**";
    private static final Pattern EXECUTED = Pattern.compile("stat::number_of_executed_units: (\\d+)");

    /** They look for injections, which is another question, and stop a driver that sends a string of the fuzzer's. */
    private static final String DETECTORS = Stream.of(
                    "BigDecimal",
                    "ClojureLangHooks",
                    "Deserialization",
                    "ExpressionLanguageInjection",
                    "FilePathTraversal",
                    "LdapInjection",
                    "NamingContextLookup",
                    "OsCommandInjection",
                    "ReflectiveCall",
                    "RegexInjection",
                    "RegexRoadblocks",
                    "ScriptEngineInjection",
                    "ServerSideRequestForgery",
                    "SqlInjection",
                    "TemplateInjection",
                    "UnsafeSanitizer",
                    "XPathInjection",
                    "XmlParserSsrfGuidance")
            .map(name -> "com.code_intelligence.jazzer.sanitizers." + name)
            .collect(Collectors.joining(":"));

    @Test
    void theDecoderJudgesEveryInputAsTheContractDoes() throws Exception {
        fuzz("decoder", DecoderFuzz.class, Long.getLong("fuzz.decoder", 2_000_000));
    }

    @Test
    void theStoreHoldsWhatTheContractSaysOfEveryInput() throws Exception {
        String log = fuzz("store", StoreFuzz.class, Long.getLong("fuzz.store", 200_000));
        assertThat(log).contains("records are in the store as they should be");
    }

    private static String fuzz(String name, Class<?> target, long runs) throws IOException, InterruptedException {
        long seed = Long.getLong("fuzz.seed", System.nanoTime() % 1_000_000_000);
        Path folder = FOLDER.resolve(name);
        RawInput.writeAll(Corpus.read(), folder.resolve("seeds"));
        Files.createDirectories(folder.resolve("found"));
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                "-Duser.timezone=Asia/Seoul",
                "-Dfuzz.store=" + runs,
                "-Dfuzz.corpus=" + System.getProperty("fuzz.corpus", "all"),
                "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"),
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=" + INSTRUMENTED,
                "--custom_hook_includes=" + INSTRUMENTED,
                "--disabled_hooks=" + DETECTORS,
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-runs=" + runs,
                "-seed=" + seed,
                "-max_len=4096",
                "-timeout=60",
                "-rss_limit_mb=0",
                "-print_final_stats=1",
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
        Matcher executed = EXECUTED.matcher(said);
        System.out.printf(
                "fuzz %s: seed %d, %s runs of %d, %d s, exit code %d%n",
                name,
                seed,
                executed.find() ? executed.group(1) : "no",
                runs,
                (System.nanoTime() - began) / 1_000_000_000,
                code);
        assertThat(code)
                .as(() -> "seed %d, %s ends with:%n%s".formatted(seed, log, end(said)))
                .isZero();
        assertThat(said).contains("Done " + runs + " runs");
        return said;
    }

    private static String end(String log) {
        List<String> lines = log.lines().filter(line -> !line.isBlank()).toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }
}
