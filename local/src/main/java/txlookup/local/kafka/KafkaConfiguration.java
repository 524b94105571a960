package txlookup.local.kafka;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import txlookup.local.process.Ports;

/** The settings of a small broker, which is its own controller unless it joins another. */
final class KafkaConfiguration {
    private static final Map<String, String> ONE_SMALL_NODE = Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", "1"),
            Map.entry("controller.listener.names", "CONTROLLER"),
            Map.entry("inter.broker.listener.name", "PLAINTEXT"),
            Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("default.replication.factor", "1"),
            Map.entry("min.insync.replicas", "1"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "1"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.num.partitions", "1"),
            // After a kill the controller believes the old broker alive for this long, and keeps the new one waiting.
            Map.entry("broker.session.timeout.ms", "3000"),
            Map.entry("broker.heartbeat.interval.ms", "500"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("log.cleaner.dedupe.buffer.size", "16777216"),
            Map.entry("num.network.threads", "2"),
            Map.entry("num.io.threads", "4"));

    private static final String LOGGING = """
            status = error
            appender.out.type = Console
            appender.out.name = out
            appender.out.layout.type = PatternLayout
            appender.out.layout.pattern = %d %p %c{1} %m%n
            rootLogger.level = warn
            rootLogger.appenderRef.out.ref = out
            logger.started.name = kafka.server.KafkaRaftServer
            logger.started.level = info
            logger.version.name = org.apache.kafka.common.utils.AppInfoParser
            logger.version.level = info
            """;

    private KafkaConfiguration() {}

    static void write(Path file, Path log, KafkaFolder.KnownPorts ports, KafkaSettings settings) throws IOException {
        String broker = "PLAINTEXT://" + Ports.LOOPBACK + ":" + ports.broker();
        Properties properties = new Properties();
        properties.putAll(ONE_SMALL_NODE);
        properties.setProperty("advertised.listeners", broker);
        properties.putAll(settings.configuration());
        properties.setProperty("log.dirs", log.toString());
        if (settings.joins().isEmpty()) {
            properties.setProperty("listeners", broker + ",CONTROLLER://" + Ports.LOOPBACK + ":" + ports.controller());
            properties.setProperty("controller.quorum.voters", "1@" + Ports.LOOPBACK + ":" + ports.controller());
        } else {
            KafkaSettings.Cluster cluster = settings.joins().get();
            properties.setProperty("process.roles", "broker");
            properties.setProperty("node.id", Integer.toString(cluster.node()));
            properties.setProperty("listeners", broker);
            properties.setProperty("controller.quorum.voters", "1@" + Ports.LOOPBACK + ":" + cluster.controllerPort());
        }
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
    }

    /** To standard output, which is the log file. */
    static void writeLogging(Path file) throws IOException {
        Files.writeString(file, LOGGING);
    }
}
