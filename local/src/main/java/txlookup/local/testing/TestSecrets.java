package txlookup.local.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The secrets that tests use, one a line in the module's {@code target/test-secrets.txt}, and what processes of tests
 * wrote, in {@code target/test-output}: so that all output of the whole suite can be searched for them in the end.
 */
public final class TestSecrets {
    private static final Path TARGET = Path.of("target");
    private static final Path SECRETS = TARGET.resolve("test-secrets.txt");
    private static final Path OUTPUT = TARGET.resolve("test-output");
    // A shorter one would be found in innocent words.
    private static final int SHORTEST = 8;
    private static final Set<String> KEPT = ConcurrentHashMap.newKeySet();

    private TestSecrets() {}

    /** Remembers one; returns it. Outside of a Maven module nothing is remembered. */
    public static String keep(String secret) {
        if (secret.length() < SHORTEST || secret.contains("\n")) {
            throw new IllegalArgumentException("a test's secret needs one line of %d characters or more, this has %d"
                    .formatted(SHORTEST, secret.length()));
        }
        if (Files.isDirectory(TARGET) && KEPT.add(secret)) {
            try {
                Files.writeString(
                        SECRETS,
                        secret + "\n",
                        StandardCharsets.UTF_8,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException("a test's secret could not be remembered in " + SECRETS, e);
            }
        }
        return secret;
    }

    /** Copies what a process wrote to where it outlives the test's folder; nothing when there is no such file. */
    public static void keepOutput(String name, Path written) {
        if (!Files.isRegularFile(written) || !Files.isDirectory(TARGET)) {
            return;
        }
        try {
            Files.createDirectories(OUTPUT);
            byte[] text = Files.readAllBytes(written);
            Files.write(OUTPUT.resolve(name), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("what %s wrote could not be kept in %s".formatted(written, OUTPUT), e);
        }
    }
}
