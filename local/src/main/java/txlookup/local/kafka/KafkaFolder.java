package txlookup.local.kafka;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import txlookup.local.process.LocalEnvironmentException;

/** What lies where in a broker's data folder, and the ports remembered there. */
record KafkaFolder(Path folder) {
    private static final String BROKER_PORT = "broker";
    private static final String CONTROLLER_PORT = "controller";

    /** The ports that the broker was last started with; 0 for none yet. */
    record KnownPorts(int broker, int controller) {}

    Path log() {
        return folder.resolve("log");
    }

    Path version() {
        return folder.resolve("kafka-version");
    }

    Path pidFile() {
        return folder.resolve("broker.pid");
    }

    Path serverProperties() {
        return folder.resolve("server.properties");
    }

    Path loggingProperties() {
        return folder.resolve("log4j2.properties");
    }

    KnownPorts ports() {
        if (!Files.exists(portsFile())) {
            return new KnownPorts(0, 0);
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(portsFile())) {
            properties.load(reader);
            return new KnownPorts(
                    Integer.parseInt(properties.getProperty(BROKER_PORT, "0")),
                    Integer.parseInt(properties.getProperty(CONTROLLER_PORT, "0")));
        } catch (IOException | NumberFormatException e) {
            throw new LocalEnvironmentException("cannot read " + portsFile() + ": " + e + "; delete it", e);
        }
    }

    void remember(KnownPorts ports) throws IOException {
        Properties properties = new Properties();
        properties.setProperty(BROKER_PORT, Integer.toString(ports.broker));
        properties.setProperty(CONTROLLER_PORT, Integer.toString(ports.controller));
        try (Writer writer = Files.newBufferedWriter(portsFile())) {
            properties.store(writer, null);
        }
    }

    private Path portsFile() {
        return folder.resolve("ports.properties");
    }
}
