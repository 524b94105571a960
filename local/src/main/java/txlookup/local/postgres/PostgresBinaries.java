package txlookup.local.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.local.process.UnpackedArchive;

/** PostgreSQL's programs, unpacked from the artifact of this machine's operating system and architecture. */
record PostgresBinaries(Path folder) {
    private static final String VERSION = version();

    /** Unpacks them below the cache folder when no one has before. */
    static PostgresBinaries in(Path cacheFolder) {
        String archive = archiveName(System.getProperty("os.name"), System.getProperty("os.arch"));
        Path folder = cacheFolder.resolve(archive + "-" + VERSION);
        UnpackedArchive.provide(folder, () -> open(archive + ".txz"));
        return new PostgresBinaries(folder);
    }

    static String majorVersion() {
        return VERSION.substring(0, VERSION.indexOf('.'));
    }

    Path initdb() {
        return folder.resolve("bin").resolve("initdb");
    }

    Path postgres() {
        return folder.resolve("bin").resolve("postgres");
    }

    /** The archive's name in the artifact, which is the publisher's. */
    static String archiveName(String os, String architecture) {
        String family = os.toLowerCase(Locale.ROOT);
        String system = family.startsWith("linux") ? "linux" : family.startsWith("mac") ? "darwin" : "";
        String processor =
                switch (architecture) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm_64";
                    default -> "";
                };
        if (system.isEmpty() || processor.isEmpty()) {
            throw new LocalEnvironmentException(
                    "the local environment runs on Linux and macOS, amd64 and arm64, not on " + os + " " + architecture
                            + "; use a PostgreSQL and a Kafka from elsewhere");
        }
        return "postgres-" + system + "-" + processor;
    }

    private static InputStream open(String archive) {
        InputStream stream = PostgresBinaries.class.getResourceAsStream("/" + archive);
        if (stream == null) {
            throw new LocalEnvironmentException(archive + " is not on the class path: this program was built on another"
                    + " operating system or architecture; build it on this machine");
        }
        return new BufferedInputStream(stream);
    }

    private static String version() {
        try (InputStream stream =
                PostgresBinaries.class.getResourceAsStream("/txlookup/local/postgres-binaries.properties")) {
            Properties properties = new Properties();
            properties.load(stream);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new LocalEnvironmentException("cannot read which PostgreSQL this program brings: " + e, e);
        }
    }
}
