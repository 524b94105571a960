package txlookup.local.issuer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import txlookup.local.process.LocalEnvironmentException;

/** How the local issuer is started: its jars stay off this program's own class path, which has no use for them. */
public final class IssuerProgram {
    static final String PROPERTY = "txlookup.issuer.lib";
    static final String ENVIRONMENT = "TXLOOKUP_ISSUER_LIB";

    /** The console's id at the issuer, and the audience that tokens name. */
    public static final String CLIENT = "txlookup-console";

    public static final String AUDIENCE = "api://txlookup";

    private IssuerProgram() {}

    /** @param consoles the addresses that may send people there */
    public static List<String> command(int port, List<String> consoles) {
        Path jars = folder();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-cp",
                "%s:%s/*".formatted(jars.resolveSibling("classes"), jars),
                "txlookup.issuer.LocalIssuer",
                Integer.toString(port)));
        command.addAll(consoles);
        return command;
    }

    private static Path folder() {
        Path folder = Optional.ofNullable(System.getProperty(PROPERTY))
                .or(() -> Optional.ofNullable(System.getenv(ENVIRONMENT)))
                .map(Path::of)
                .orElseThrow(() -> new LocalEnvironmentException(
                        "No folder is known that holds the issuer's jars. Name it in " + ENVIRONMENT + "."));
        if (!Files.isDirectory(folder)) {
            throw new LocalEnvironmentException(
                    "The issuer's jars are not in %s. Build them with 'mvn -pl local/issuer process-resources compile'."
                            .formatted(folder));
        }
        return folder.toAbsolutePath().normalize();
    }
}
