package txlookup.local.kafka;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import txlookup.local.process.LocalEnvironmentException;

/** The folder of the broker's jars, which stay off this program's own class path: its libraries need other versions. */
record BrokerClassPath(Path folder, String version) {
    static final String PROPERTY = "txlookup.broker.lib";
    static final String ENVIRONMENT = "TXLOOKUP_BROKER_LIB";

    private static final Pattern BROKER_JAR = Pattern.compile("kafka_2\\.\\d+-(\\d+\\.\\d+\\.\\d+)\\.jar");

    /** The system property first, then the environment, then the folder {@code broker} beside this program's own. */
    static BrokerClassPath find() {
        List<Path> candidates = new ArrayList<>();
        Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of).ifPresent(candidates::add);
        Optional.ofNullable(System.getenv(ENVIRONMENT)).map(Path::of).ifPresent(candidates::add);
        besideThisProgram().ifPresent(candidates::add);
        return candidates.stream()
                .limit(1) // what was said counts: falling back from a mistyped folder would hide the mistake
                .flatMap(folder -> in(folder.toAbsolutePath().normalize()).stream())
                .findFirst()
                .orElseThrow(() -> new LocalEnvironmentException("no Kafka broker (kafka_2.13-<version>.jar) in "
                        + (candidates.isEmpty() ? "any known folder" : candidates.get(0)) + "; build it with 'mvn -pl"
                        + " local/broker process-resources', or name the folder of its jars in " + ENVIRONMENT));
    }

    private static Optional<BrokerClassPath> in(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> jars = Files.list(folder)) {
            return jars.map(jar -> BROKER_JAR.matcher(jar.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(jar -> new BrokerClassPath(folder, jar.group(1)))
                    .findFirst();
        } catch (IOException e) {
            throw new LocalEnvironmentException("cannot read the broker's folder " + folder + ": " + e, e);
        }
    }

    private static Optional<Path> besideThisProgram() {
        CodeSource source = BrokerClassPath.class.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return Optional.empty();
        }
        try {
            Path program = Path.of(source.getLocation().toURI());
            return Optional.ofNullable(program.getParent()).map(Path::getParent).map(above -> above.resolve("broker"));
        } catch (URISyntaxException | FileSystemNotFoundException | IllegalArgumentException e) {
            return Optional.empty(); // a jar within a jar has no folder
        }
    }

    /** The command that runs one of the broker's main classes in the Java that this JVM is. */
    List<String> java(List<String> flags, String mainClass, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", folder.resolve("*").toString(), mainClass));
        command.addAll(List.of(arguments));
        return command;
    }
}
