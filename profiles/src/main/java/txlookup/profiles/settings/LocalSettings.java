package txlookup.profiles.settings;

import java.nio.file.Path;
import java.util.Objects;

/**
 * The servers of stage local.
 *
 * @param dataFolder folder of their data, relative to the working directory; default {@code .txlookup}
 * @param kafkaPort Kafka's port on 127.0.0.1; default 19092
 * @param postgresPort PostgreSQL's port on 127.0.0.1; default 15432
 * @param apiProcesses API processes that are started; the first has {@code api.port}, each further one the port after;
 *     default 1
 */
public record LocalSettings(Path dataFolder, int kafkaPort, int postgresPort, int apiProcesses) {

    public LocalSettings {
        Objects.requireNonNull(dataFolder, "dataFolder");
    }

    /** Where commands keep evidence, one folder a generation, unless they are told otherwise. */
    public Path evidence() {
        return dataFolder.resolve("evidence");
    }
}
