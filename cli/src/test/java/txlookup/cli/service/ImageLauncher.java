package txlookup.cli.service;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The image's own launcher. Where it names layers of an image, this build's class path is used. */
public final class ImageLauncher {
    static final Path OLDER = Path.of("target", "kafka-older", "kafka-clients-3.8.1.jar");

    private ImageLauncher() {}

    /** Skips the test where the older Kafka client is not at hand. */
    public static void requireOlderClient() {
        if (!Files.exists(OLDER)) {
            System.out.println("NOT TESTED: the older Kafka client, because nothing is packaged yet");
        }
        assumeTrue(Files.exists(OLDER), "nothing is packaged yet");
    }

    /**
     * The command line up to and without any argument.
     *
     * @param folder of the test's own
     */
    public static List<String> in(Path folder) throws IOException {
        Path launcher = Files.createDirectories(folder.resolve("app")).resolve("txlookup");
        executable(launcher, Files.readString(Path.of("src", "main", "image", "app", "txlookup")));
        Path bin = Files.createDirectories(folder.resolve("bin"));
        executable(bin.resolve("java"), """
                #!/bin/bash
                arguments=()
                for one in "$@"; do
                  case "$one" in
                    */kafka-older/*) one='%1$s:%2$s' ;;
                    */classpath/*) one='%2$s' ;;
                    -Djava.io.tmpdir=*) one=-Djava.io.tmpdir=%3$s ;;
                  esac
                  arguments+=("$one")
                done
                exec '%4$s' -Xmx256m "${arguments[@]}"
                """.formatted(
                OLDER.toAbsolutePath(), classPath(), folder, Path.of(System.getProperty("java.home"), "bin", "java")));
        return List.of("env", "PATH=%s:%s".formatted(bin, System.getenv("PATH")), launcher.toString());
    }

    /** This build's, where the test JVM has only a jar that names it. */
    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertTrue(file.toFile().setExecutable(true));
    }
}
