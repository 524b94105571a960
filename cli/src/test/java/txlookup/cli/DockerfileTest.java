package txlookup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The Dockerfile as far as it can be judged without a container engine. */
class DockerfileTest {
    private static final Path CHECKOUT = Path.of("..");
    private static final Path JAR = Path.of("target", "txlookup.jar");

    @Test
    void theBaseIsPinnedByADigestThatHasNoDefault() throws IOException {
        assertThat(lines("FROM ")).containsExactly("FROM eclipse-temurin@${BASE_DIGEST}");
        assertThat(lines("ARG BASE_DIGEST")).containsExactly("ARG BASE_DIGEST");
    }

    @Test
    void itRunsAsNobodyInParticular() throws IOException {
        assertThat(lines("USER ")).containsExactly("USER 10001:10001");
        List<String> all = Files.readAllLines(CHECKOUT.resolve("Dockerfile"));
        assertThat(all.subList(all.indexOf("USER 10001:10001"), all.size()))
                .noneMatch(line -> line.startsWith("RUN ") || line.startsWith("COPY "));
    }

    @Test
    void whatIsCopiedIsWhatTheBuildMakesAndWhatTheEngineIsShown() throws IOException {
        List<String> sources =
                lines("COPY ").stream().map(line -> line.split(" ", -1)[1]).toList();
        assertThat(sources).containsExactly("cli/target/lib/", "cli/target/txlookup.jar");
        List<String> shown = Files.readAllLines(CHECKOUT.resolve(".dockerignore"));
        assertThat(shown.get(0)).isEqualTo("*");
        assertThat(shown.stream().skip(1).map(line -> line.substring(1))).containsExactlyInAnyOrderElementsOf(sources);
        requirePackaged();
        assertThat(sources)
                .allSatisfy(source -> assertThat(CHECKOUT.resolve(source)).exists());
    }

    @Test
    void theEntryPointRunsHereWithTheFilesThatAreCopied(@TempDir Path folder) throws Exception {
        requirePackaged();
        List<String> entry = new ArrayList<>();
        JsonMapper.shared()
                .readTree(lines("ENTRYPOINT ").get(0).substring("ENTRYPOINT ".length()))
                .forEach(word -> entry.add(word.asString()));
        entry.replaceAll(word -> word.replace(
                        "/app/txlookup.jar", JAR.toAbsolutePath().toString())
                .replace("/app/txlookup.aot", folder.resolve("txlookup.aot").toString())
                .replace("/data", folder.toString()));
        entry.set(0, java().toString());
        if (!java().startsWith(Path.of(System.getProperty("java.home")))) {
            // As in the build of the image: once to make the archive, then with it.
            List<String> making = List.of(
                    java().toString(),
                    "-XX:AOTCacheOutput=" + folder.resolve("txlookup.aot"),
                    "-jar",
                    JAR.toAbsolutePath().toString(),
                    "--help");
            assertThat(run(folder, making)).startsWith("exit 0");
        } else {
            System.out.println("NOT TESTED: the archive of loaded classes, because no JDK 25 is in /usr/lib/jvm");
            entry.removeIf(word -> word.startsWith("-XX:AOTCache"));
        }
        entry.add("--help");
        assertThat(run(folder, entry)).startsWith("exit 0").contains("Usage:").doesNotContain("warning");
    }

    /** A JDK 25 where there is one, and this one otherwise. */
    private static Path java() throws IOException {
        try (Stream<Path> installed =
                Files.isDirectory(Path.of("/usr/lib/jvm")) ? Files.list(Path.of("/usr/lib/jvm")) : Stream.empty()) {
            return installed
                    .filter(jdk -> jdk.getFileName().toString().contains("25"))
                    .map(jdk -> jdk.resolve("bin/java"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElse(Path.of(System.getProperty("java.home"), "bin", "java"));
        }
    }

    private static String run(Path folder, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return "exit %d%n%s".formatted(process.waitFor(), output);
    }

    private static void requirePackaged() {
        if (!Files.exists(JAR)) {
            System.out.println(
                    "NOT TESTED: the Dockerfile's files, because nothing is packaged yet; run mvn package first");
        }
        assumeTrue(Files.exists(JAR), "nothing is packaged yet");
    }

    private static List<String> lines(String start) throws IOException {
        return Files.readAllLines(CHECKOUT.resolve("Dockerfile")).stream()
                .filter(line -> line.startsWith(start))
                .toList();
    }
}
