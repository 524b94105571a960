package txlookup.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No secret is in anything that the whole suite wrote: what tests printed and logged, what processes of theirs wrote.
 * Runs by itself after all other tests of the last module; secrets and outputs are where {@code TestSecrets} keeps them.
 */
class SecretsInOutputTest {
    private static final Path ROOT = Path.of("..");
    // What a test is called, and the JVM's properties, are no output.
    private static final Pattern NO_OUTPUT = Pattern.compile("(?s)<properties>.*?</properties>|<testcase [^>]*>");
    private static final Map<String, Pattern> FORMS = Map.of(
            "a bearer token", Pattern.compile("(?i)bearer +ey[\\w-]{10,}"),
            "a token", Pattern.compile("\\bey[\\w-]{15,}\\.ey[\\w-]{15,}\\.[\\w-]{15,}"),
            "a key of a connection string", Pattern.compile("(?i)(?:SharedAccessKey|AccountKey)=[\\w+/=]{4,}"),
            "a password", Pattern.compile("(?i)\\b(?:password|pwd|client_secret)=[^\\s&*\"'<>;,)\\]]{3,}"),
            "a signature", Pattern.compile("(?i)[?&;]sig=[\\w%+/=]{8,}"));

    @TempDir
    private Path folder;

    private record Leak(Path file, String what, int line) {}

    @Test
    void noSecretIsInAnythingThatTheSuiteWrote() throws Exception {
        List<Path> modules = modules(ROOT);
        Map<String, String> secrets = secrets(modules);
        List<Path> written = written(modules);
        System.out.printf("%d files searched for %d secrets%n", written.size(), secrets.size());

        assertThat(secrets).as("secrets that tests use").isNotEmpty();
        assertThat(written).as("what tests wrote").isNotEmpty();
        assertThat(leaks(written, secrets)).isEmpty();
    }

    @Test
    void aSecretInAnOutputIsFoundWithItsPlaceAndNotRepeated() throws Exception {
        Path reports = Files.createDirectories(folder.resolve("module/target/surefire-reports"));
        Files.writeString(folder.resolve("module/pom.xml"), "");
        Files.writeString(folder.resolve("module/target/test-secrets.txt"), "horse-battery\n");
        Path said = Files.writeString(
                reports.resolve("TEST-a.xml"), "<system-out>fine\nit is horse-battery\n&password=abc</system-out>");
        Path kept = Files.createDirectories(folder.resolve("module/target/test-output"));
        Path logged = Files.writeString(kept.resolve("service.log"), "Endpoint=sb://x/;SharedAccessKey=YWJjZA==");
        List<Path> modules = modules(folder);

        assertThat(leaks(written(modules), secrets(modules)))
                .containsExactlyInAnyOrder(
                        new Leak(said, "the secret of test-secrets.txt line 1 of module", 2),
                        new Leak(said, "a password", 3),
                        new Leak(logged, "a key of a connection string", 1))
                .noneMatch(leak -> leak.toString().contains("battery"));
    }

    private static List<Path> modules(Path root) throws IOException {
        try (Stream<Path> found = Files.find(
                root,
                3,
                (path, about) -> path.getFileName().toString().equals("pom.xml")
                        && !path.toString().contains("/target/"))) {
            return found.map(Path::getParent).sorted().toList();
        }
    }

    /** Each with where it comes from, since a message must not repeat it. */
    private static Map<String, String> secrets(List<Path> modules) throws IOException {
        Map<String, String> secrets = new LinkedHashMap<>();
        for (Path module : modules) {
            Path file = module.resolve("target/test-secrets.txt");
            if (Files.exists(file)) {
                List<String> lines = Files.readAllLines(file);
                for (int i = 0; i < lines.size(); i++) {
                    secrets.putIfAbsent(
                            lines.get(i),
                            "the secret of test-secrets.txt line %d of %s".formatted(i + 1, module.getFileName()));
                }
            }
        }
        return secrets;
    }

    private static List<Path> written(List<Path> modules) throws IOException {
        TreeSet<Path> written = new TreeSet<>();
        for (Path module : modules) {
            for (String output : List.of("target/surefire-reports", "target/test-output")) {
                Path of = module.resolve(output);
                if (Files.isDirectory(of)) {
                    try (Stream<Path> files = Files.walk(of)) {
                        files.filter(Files::isRegularFile).forEach(written::add);
                    }
                }
            }
        }
        return new ArrayList<>(written);
    }

    private static List<Leak> leaks(List<Path> written, Map<String, String> secrets) throws IOException {
        List<Leak> leaks = new ArrayList<>();
        for (Path file : written) {
            // Not every process writes valid UTF-8.
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            String output = file.toString().endsWith(".xml") ? blanked(text) : text;
            secrets.forEach((secret, from) -> {
                int at = output.indexOf(secret);
                if (at >= 0) {
                    leaks.add(new Leak(file, from, line(output, at)));
                }
            });
            FORMS.forEach((what, form) -> {
                Matcher found = form.matcher(output);
                if (found.find()) {
                    leaks.add(new Leak(file, what, line(output, found.start())));
                }
            });
        }
        return leaks;
    }

    /** The same lines, without what is no output. */
    private static String blanked(String xml) {
        return NO_OUTPUT.matcher(xml).replaceAll(found -> "\n"
                .repeat((int) found.group().chars().filter(one -> one == '\n').count()));
    }

    private static int line(String text, int at) {
        return 1 + (int) text.chars().limit(at).filter(one -> one == '\n').count();
    }
}
