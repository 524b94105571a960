package txlookup.local.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What {@link LocalPostgres} needs to know.
 *
 * @param dataFolder where the database cluster lives; made when it is missing or empty
 * @param binariesFolder where PostgreSQL is unpacked to, once for all who share the folder
 * @param port TCP port on 127.0.0.1; 0 picks a free one at each start
 * @param superuser name of the superuser, set when the cluster is made
 * @param password of the superuser, set when the cluster is made
 * @param configuration further settings as in postgresql.conf; they win over everything stored in the cluster
 * @param logFile what the server writes, appended to
 * @param deadline how long a start or a stop may take, making the cluster included
 */
public record PostgresSettings(
        Path dataFolder,
        Path binariesFolder,
        int port,
        String superuser,
        String password,
        Map<String, String> configuration,
        Path logFile,
        Duration deadline) {
    /** The deadline that suits a developer's machine: a start takes about a second. */
    public static final Duration USUAL_DEADLINE = Duration.ofSeconds(60);

    private static final Pattern CONFIGURATION_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");
    private static final List<String> FIXED =
            List.of("data_directory", "listen_addresses", "port", "unix_socket_directories", "external_pid_file");

    /** @throws IllegalArgumentException for a value that no server could start with */
    public PostgresSettings {
        dataFolder = dataFolder.toAbsolutePath().normalize();
        binariesFolder = binariesFolder.toAbsolutePath().normalize();
        logFile = logFile.toAbsolutePath().normalize();
        configuration = Map.copyOf(configuration);
        require(port >= 0 && port <= 65535, "port must be 0 to 65535, not " + port);
        require(
                !superuser.isBlank() && !superuser.startsWith("pg_"),
                "superuser must be a name, not '" + superuser + "'");
        require(!password.isEmpty() && password.lines().count() == 1, "the superuser's password must be one line");
        require(!deadline.isNegative() && !deadline.isZero(), "deadline must be positive, not " + deadline);
        require(!logFile.startsWith(dataFolder), "the log file " + logFile + " must lie outside the data folder");
        for (String name : configuration.keySet()) {
            require(CONFIGURATION_NAME.matcher(name).matches(), "'" + name + "' cannot be a PostgreSQL setting");
            require(!FIXED.contains(name), name + " is decided by the local environment and cannot be set");
        }
    }

    /** A password must not reach a log with the rest. */
    @Override
    public String toString() {
        return "PostgresSettings[dataFolder=" + dataFolder + ", port=" + port + ", superuser=" + superuser
                + ", configuration=" + configuration + ", logFile=" + logFile + "]";
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
