package txlookup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The image as {@code mvn -Pimage package} writes it, unpacked. Its base here is made of Debian's packages; the real one,
 * by digest, is not tried.
 *
 * @param folder holds the archive, its base and all that is made of them
 * @param root the root of the file system that the layers make
 * @param config what the image says of itself
 * @param digest of the image
 */
record UnpackedImage(Path folder, Path root, JsonNode config, String digest) {
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

    /** Ends the test as skipped where this machine cannot do it. */
    static UnpackedImage make(Path folder) throws IOException, InterruptedException {
        boolean able = succeeds(folder, "mmdebstrap", "--version")
                && succeeds(folder, "unshare", "--mount", "setpriv", "--reuid", "10001", "true");
        if (!able) {
            System.out.println("NOT TESTED: the image; it takes root, mount namespaces and mmdebstrap");
        }
        boolean asRoot = "root".equals(System.getProperty("user.name"));
        assumeTrue(able || (asRoot && System.getenv("CI") != null), "no mmdebstrap, or no mount namespaces");
        base(folder);
        String digest = build(folder, "first");
        Path layout = Files.createDirectory(folder.resolve("layout"));
        run(layout, "tar", "-xf", folder.resolve("first.tar").toString());
        JsonNode manifest = blob(layout, read(layout.resolve("index.json")).at("/manifests/0/digest"));
        Path root = Files.createDirectory(folder.resolve("root"));
        for (JsonNode layer : manifest.path("layers")) {
            run(root, "tar", "-xf", path(layout, layer.path("digest")).toString());
        }
        return new UnpackedImage(folder, root, blob(layout, manifest.at("/config/digest")), digest);
    }

    /** Lets the folder be deleted: what the layers hold is read-only in part. */
    void unlock() throws IOException, InterruptedException {
        run(folder, "chmod", "-R", "u+rwX", root.toString());
    }

    /** Builds it once more, from the same base; its digest. */
    String again() throws IOException, InterruptedException {
        return build(folder, "again");
    }

    /** Runs it to its end; its exit code and what it said. */
    String run(List<String> arguments) throws IOException, InterruptedException {
        return run(folder, command(arguments).toArray(String[]::new));
    }

    List<String> command(List<String> arguments) throws IOException {
        return command(Files.createDirectories(folder.resolve("no-volume")), arguments);
    }

    /**
     * As an engine does it with --read-only and a writable /data, in a mount namespace of its own.
     *
     * @param volume is found read-only in /data/volume
     */
    List<String> command(Path volume, List<String> arguments) throws IOException {
        Path script = folder.resolve("as-an-engine.sh");
        if (!Files.exists(script)) {
            Files.writeString(script, """
                    set -eu
                    root=$1 volume=$2
                    shift 2
                    mount --make-rprivate /
                    mount --bind "$root" "$root"
                    mount -t proc proc "$root/proc"
                    mount --rbind /dev "$root/dev"
                    mount -t tmpfs -o uid=10001,gid=10001,exec tmpfs "$root/data"
                    mkdir "$root/data/volume"
                    mount --bind "$volume" "$root/data/volume"
                    mount -o remount,bind,ro "$root/data/volume"
                    mount -o remount,bind,ro "$root"
                    PATH=$PATH:/usr/sbin
                    exec chroot --userspec=10001:10001 "$root" \\
                      env HOME=/data PATH=/usr/local/bin:/usr/bin:/bin sh -c 'cd /data && exec "$@"' sh "$@"
                    """);
        }
        List<String> command = new ArrayList<>(
                List.of("unshare", "--mount", "sh", script.toString(), root.toString(), volume.toString()));
        config.at("/config/Entrypoint").forEach(word -> command.add(word.asString()));
        command.addAll(arguments);
        return command;
    }

    /** A root of Debian's packages, put into the form of an image. */
    private static void base(Path folder) throws IOException, InterruptedException {
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
        assertThat(run(folder, "tar", "-cf", "base.tar", "manifest.json", "config.json", "layer.tar"))
                .startsWith("exit 0");
    }

    /** Builds it and copies the archive; its digest. */
    private static String build(Path folder, String name) throws IOException, InterruptedException {
        List<String> maven = new ArrayList<>(List.of(
                "mvn",
                "-q",
                "-B",
                "-Pimage",
                "-DskipTests",
                "-Dspotless.check.skip",
                "-Dimage.base=tar://" + folder.resolve("base.tar")));
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

    private static JsonNode blob(Path layout, JsonNode digest) throws IOException {
        return read(path(layout, digest));
    }

    private static Path path(Path layout, JsonNode digest) {
        return layout.resolve("blobs/" + digest.asString().replace(':', '/'));
    }

    private static JsonNode read(Path file) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(file));
    }

    private static boolean succeeds(Path folder, String... command) {
        try {
            return run(folder, command).startsWith("exit 0");
        } catch (IOException notThere) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static String run(Path in, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(in.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        return ("exit %d%n%s".formatted(code, output)).strip();
    }
}
