package txlookup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The Dockerfile as far as it can be judged without a container engine. */
class DockerfileIT {
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

    /** As docker run --read-only --tmpfs /data:uid=10001 does it, in a mount namespace of its own. */
    @Test
    @Tag("nightly")
    @Timeout(120)
    void theApiServesAsNobodyInParticularOnARootThatNobodyCanWriteTo(@TempDir Path folder) throws Exception {
        requirePackaged();
        boolean newest = !java().startsWith(Path.of(System.getProperty("java.home")));
        boolean mayMount = run(folder, List.of("unshare", "--mount", "setpriv", "--reuid", "10001", "true"))
                .startsWith("exit 0");
        if (!newest || !mayMount) {
            System.out.println("NOT TESTED: the API on a read-only root; it takes root, mount namespaces and a JDK 25");
        }
        assumeTrue(newest && mayMount, "no JDK 25, or no mount namespaces");
        Path data = assemble(folder);
        assertThat(run(folder, inImage(folder, List.of("-XX:AOTCacheOutput=/app/txlookup.aot"), List.of("--help"))))
                .startsWith("exit 0");
        // Refuses to run where the archive does not fit: with the container's own command line it is used, not ignored.
        List<String> strictly = entryPoint(folder);
        strictly.add(1, "-XX:AOTMode=on");
        strictly.add("--help");
        assertThat(run(folder, strictly)).startsWith("exit 0").contains("Usage:");
        int port = freePort();
        List<String> serving = new ArrayList<>(
                List.of("--profile", "cloud-test", "--owner", "kim", "--env", "dev", "--set", "naming.ttl=2099-12-31"));
        serving.addAll(
                List.of("--set", "api.auth.issuer=https://issuer.example", "--set", "api.auth.audience=txlookup"));
        serving.addAll(List.of("--set", "api.port=" + port, "--set", "api.bindAddress=127.0.0.1", "serve"));
        ProcessBuilder builder = new ProcessBuilder(readOnly(folder, data, entryPoint(folder), serving))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("serve.log").toFile());
        builder.environment().put("HOME", data.toString());
        builder.environment().put("TXLOOKUP_DATABASE_PASSWORD", "of-a-test-database");
        builder.environment().put("TXLOOKUP_CURSOR_SECRET", "of-a-test-cursor-0123456789abcdef");
        Process serve = builder.start();
        try {
            assertThat(health(port, serve))
                    .as(Files.readString(folder.resolve("serve.log")))
                    .contains("alive");
        } finally {
            serve.destroy();
            assertThat(serve.waitFor(30, TimeUnit.SECONDS))
                    .as("ends when it is told to")
                    .isTrue();
        }
        assertThat(Files.readString(folder.resolve("serve.log"))).doesNotContain("Read-only file system");
    }

    /** What COPY and RUN make of a build, and the one folder that is written to. */
    private static Path assemble(Path folder) throws IOException, InterruptedException {
        Path app = Files.createDirectories(folder.resolve("app"));
        Path data = Files.createDirectory(folder.resolve("data"));
        assertThat(run(
                        folder,
                        List.of(
                                "cp",
                                "-r",
                                JAR.resolveSibling("lib").toAbsolutePath().toString(),
                                app.toString())))
                .startsWith("exit 0");
        Files.copy(JAR, app.resolve("txlookup.jar"));
        assertThat(run(folder, List.of("find", app.toString(), "-exec", "touch", "-h", "-d", "@1767225600", "{}", "+")))
                .startsWith("exit 0");
        assertThat(run(folder, List.of("chmod", "-R", "a+rX", folder.toString())))
                .startsWith("exit 0");
        assertThat(run(folder, List.of("chown", "10001:10001", data.toString())))
                .startsWith("exit 0");
        return data;
    }

    /** The container's command line with other options of the JVM. */
    private static List<String> inImage(Path folder, List<String> options, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(java().toString()));
        options.forEach(option ->
                command.add(option.replace("/app", folder.resolve("app").toString())));
        command.addAll(List.of("-jar", folder.resolve("app/txlookup.jar").toString()));
        command.addAll(arguments);
        return command;
    }

    private static List<String> entryPoint(Path folder) throws IOException {
        List<String> entry = new ArrayList<>();
        JsonMapper.shared()
                .readTree(lines("ENTRYPOINT ").get(0).substring("ENTRYPOINT ".length()))
                .forEach(word -> entry.add(word.asString()
                        .replace("/app/", folder.resolve("app") + "/")
                        .replace("/data", folder.resolve("data").toString())));
        entry.set(0, java().toString());
        return entry;
    }

    private static List<String> readOnly(Path folder, Path data, List<String> entry, List<String> arguments)
            throws IOException {
        Path script = Files.writeString(folder.resolve("as-the-engine.sh"), """
                set -eu
                mount --make-rprivate /
                mount --bind "$1" "$1"
                mount -o remount,bind,ro /
                if mountpoint -q /tmp; then mount -o remount,bind,ro /tmp; fi
                cd "$1"
                shift
                exec setpriv --reuid 10001 --regid 10001 --clear-groups "$@"
                """);
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", script.toString(), data.toString()));
        command.addAll(entry);
        command.addAll(arguments);
        return command;
    }

    private static String health(int port, Process serve) throws InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/health".formatted(port)))
                .build();
        for (int tries = 0; tries < 600 && serve.isAlive(); tries++) {
            try {
                return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            } catch (IOException notYet) {
                Thread.sleep(100);
            }
        }
        return "no answer";
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
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
