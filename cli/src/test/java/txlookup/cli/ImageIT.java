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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The image as {@code mvn -Pimage package} writes it, unpacked and run without an engine: its entry point, from its own
 * layers, as nobody in particular, on a root that nobody can write to. Its base here is made of Debian's packages; the
 * real one, by digest, is not tried.
 */
@Tag("nightly")
@Timeout(900)
class ImageIT {
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private static Path folder;

    private static Path root;
    private static JsonNode config;
    private static String digest;

    @BeforeAll
    static void buildAndUnpack() throws Exception {
        boolean able = succeeds("mmdebstrap", "--version")
                && succeeds("unshare", "--mount", "setpriv", "--reuid", "10001", "true");
        if (!able) {
            System.out.println("NOT TESTED: the image; it takes root, mount namespaces and mmdebstrap");
        }
        boolean asRoot = "root".equals(System.getProperty("user.name"));
        assumeTrue(able || (asRoot && System.getenv("CI") != null), "no mmdebstrap, or no mount namespaces");
        Path base = base();
        digest = image(base, "first");
        Path layout = Files.createDirectory(folder.resolve("layout"));
        run(layout, "tar", "-xf", folder.resolve("first.tar").toString());
        JsonNode manifest = blob(layout, read(layout.resolve("index.json")).at("/manifests/0/digest"));
        config = blob(layout, manifest.at("/config/digest"));
        root = Files.createDirectory(folder.resolve("root"));
        for (JsonNode layer : manifest.path("layers")) {
            run(root, "tar", "-xf", path(layout, layer.path("digest")).toString());
        }
    }

    @AfterAll
    static void letTheFolderBeDeleted() throws Exception {
        if (root != null) {
            run(folder, "chmod", "-R", "u+rwX", root.toString());
        }
    }

    @Test
    void theSameSourcesMakeTheSameImage() throws Exception {
        assertThat(digest).matches("sha256:[0-9a-f]{64}");
        assertThat(image(folder.resolve("base.tar"), "second")).isEqualTo(digest);
    }

    @Test
    void itSaysWhatItIsAndRunsAsNobodyInParticular() {
        JsonNode container = config.path("config");
        assertThat(container.path("User").asString()).isEqualTo("10001:10001");
        assertThat(container.path("WorkingDir").asString()).isEqualTo("/data");
        assertThat(container.path("Labels").propertyNames())
                .contains(
                        "org.opencontainers.image.title",
                        "org.opencontainers.image.revision",
                        "org.opencontainers.image.base.name");
        assertThat(root.resolve("app/txlookup-bom.json")).exists();
        assertThat(root.resolve("app/kafka-older/kafka-clients-3.8.1.jar")).exists();
        assertThat(root.resolve("app/libs")).isDirectoryContaining("glob:**/kafka-clients-4*.jar");
    }

    @Test
    void nobodyInParticularCanChangeWhatRuns() throws Exception {
        assertThat(run(folder, "find", root.resolve("app").toString(), "-perm", "/022", "-not", "-type", "l"))
                .isEqualTo("exit 0");
    }

    @Test
    void theEntryPointRunsOnARootThatNobodyCanWriteTo() throws Exception {
        String shown = inImage(List.of("--help"));
        assertThat(shown)
                .startsWith("exit 0")
                .contains("Usage: txlookup", "  serve ")
                .doesNotContain("  demo ");
        assertThat(inImage(List.of("status"))).startsWith("exit 4");
    }

    @Test
    void itServesFromItsOwnLayersAndEndsWhenItIsTold() throws Exception {
        int port;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        List<String> serving = new ArrayList<>(
                List.of("--profile", "cloud-test", "--owner", "kim", "--env", "dev", "--set", "naming.ttl=2099-12-31"));
        serving.addAll(List.of("--set", "telemetry.exporter=none"));
        serving.addAll(
                List.of("--set", "api.auth.issuer=https://issuer.example", "--set", "api.auth.audience=txlookup"));
        serving.addAll(List.of("--set", "api.port=" + port, "--set", "api.bindAddress=127.0.0.1", "serve"));
        Path log = folder.resolve("serve.log");
        ProcessBuilder builder =
                new ProcessBuilder(command(serving)).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("TXLOOKUP_DATABASE_PASSWORD", "of-a-test-database");
        builder.environment().put("TXLOOKUP_CURSOR_SECRET", "of-a-test-cursor-0123456789abcdef");
        builder.environment().put("TXLOOKUP_GIT_SHA", "0123456789abcdef0123456789abcdef01234567");
        Process serve = builder.start();
        try {
            assertThat(health(port, serve)).as(Files.readString(log)).contains("alive");
        } finally {
            serve.destroy();
            assertThat(serve.waitFor(30, TimeUnit.SECONDS))
                    .as("ends when it is told to")
                    .isTrue();
        }
        assertThat(Files.readString(log)).doesNotContain("Read-only file system");
    }

    /** A broker that resets the newer handshake and answers the older one is met by the launcher, once and aloud. */
    @Test
    void theLauncherStartsTheOlderKafkaClientWhereTheProgramEndsWithThatReason() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path java = bin.resolve("java");
        Files.writeString(java, """
                #!/bin/sh
                echo "java $*"
                case "$*" in *txlookup.kafka=newer*) exit 6 ;; esac
                cat
                exit 3
                """);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        ProcessBuilder builder =
                new ProcessBuilder(root.resolve("app/txlookup").toString(), "consume").redirectErrorStream(true);
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        Process process = builder.start();
        process.getOutputStream().write("read by the second\n".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(3);
        assertThat(output)
                .containsOnlyOnce("starting the older one")
                .containsPattern("txlookup.kafka=older -cp \\S*/kafka-older/\\*:\\S*/classpath")
                .contains("read by the second");
    }

    private static String inImage(List<String> arguments) throws IOException, InterruptedException {
        return run(folder, command(arguments).toArray(String[]::new));
    }

    /** As an engine does it with --read-only and a writable /data, in a mount namespace of its own. */
    private static List<String> command(List<String> arguments) throws IOException {
        Path script = folder.resolve("as-an-engine.sh");
        if (!Files.exists(script)) {
            Files.writeString(script, """
                    set -eu
                    root=$1
                    shift
                    mount --make-rprivate /
                    mount --bind "$root" "$root"
                    mount -t proc proc "$root/proc"
                    mount --rbind /dev "$root/dev"
                    mount -t tmpfs -o uid=10001,gid=10001,exec tmpfs "$root/data"
                    mount -o remount,bind,ro "$root"
                    PATH=$PATH:/usr/sbin
                    exec chroot --userspec=10001:10001 "$root" \\
                      env HOME=/data PATH=/usr/local/bin:/usr/bin:/bin sh -c 'cd /data && exec "$@"' sh "$@"
                    """);
        }
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", script.toString(), root.toString()));
        config.at("/config/Entrypoint").forEach(word -> command.add(word.asString()));
        command.addAll(arguments);
        return command;
    }

    /** A root of Debian's packages, put into the form of an image. */
    private static Path base() throws Exception {
        Path layer = folder.resolve("layer.tar");
        String suite = Files.readAllLines(Path.of("/etc/os-release")).stream()
                .filter(line -> line.startsWith("VERSION_CODENAME="))
                .map(line -> line.substring(line.indexOf('=') + 1))
                .findFirst()
                .orElse("bookworm");
        assertThat(run(
                        folder,
                        "mmdebstrap",
                        "--quiet",
                        "--variant=extract",
                        "--include=base-files,coreutils,dash,openjdk-17-jre-headless",
                        "--extract-hook=cd \"$1\" && mkdir -p usr/local/bin && ln -s /$(echo usr/lib/jvm/java-17-openjdk-*/bin/java) usr/local/bin/java",
                        suite,
                        layer.toString()))
                .startsWith("exit 0");
        String sha256 = run(folder, "sha256sum", layer.toString())
                .lines()
                .skip(1)
                .findFirst()
                .orElseThrow()
                .substring(0, 64);
        Files.writeString(
                folder.resolve("config.json"),
                JsonMapper.shared()
                        .writeValueAsString(Map.of(
                                "architecture",
                                System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64",
                                "os",
                                "linux",
                                "config",
                                Map.of("Env", List.of("PATH=/usr/local/bin:/usr/bin:/bin")),
                                "rootfs",
                                Map.of("type", "layers", "diff_ids", List.of("sha256:" + sha256)))));
        Files.writeString(
                folder.resolve("manifest.json"),
                JsonMapper.shared()
                        .writeValueAsString(List.of(Map.of(
                                "Config",
                                "config.json",
                                "RepoTags",
                                List.of("base:of-debian"),
                                "Layers",
                                List.of("layer.tar")))));
        Path base = folder.resolve("base.tar");
        assertThat(run(folder, "tar", "-cf", base.toString(), "manifest.json", "config.json", "layer.tar"))
                .startsWith("exit 0");
        return base;
    }

    /** Builds it and copies the archive; its digest. */
    private static String image(Path base, String name) throws IOException, InterruptedException {
        List<String> maven = new ArrayList<>(List.of(
                "mvn", "-q", "-B", "-Pimage", "-DskipTests", "-Dspotless.check.skip", "-Dimage.base=tar://" + base));
        String repository = System.getProperty("maven.repo.local", System.getProperty("txlookup.repository", ""));
        if (!repository.isEmpty()) {
            maven.add("-Dmaven.repo.local=" + repository);
        }
        maven.addAll(List.of("-pl", "cli", "-am", "package"));
        assertThat(run(CHECKOUT, maven.toArray(String[]::new))).startsWith("exit 0");
        Files.copy(CHECKOUT.resolve("cli/target/txlookup-image.tar"), folder.resolve(name + ".tar"));
        return Files.readString(CHECKOUT.resolve("cli/target/txlookup-image.digest"))
                .strip();
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

    private static JsonNode blob(Path layout, JsonNode digest) throws IOException {
        return read(path(layout, digest));
    }

    private static Path path(Path layout, JsonNode digest) {
        return layout.resolve("blobs/" + digest.asString().replace(':', '/'));
    }

    private static JsonNode read(Path file) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(file));
    }

    private static boolean succeeds(String... command) {
        try {
            return run(folder, command).startsWith("exit 0");
        } catch (IOException notThere) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String run(Path in, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(in.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        return ("exit %d%n%s".formatted(code, output)).strip();
    }
}
