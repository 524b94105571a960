package txlookup.local.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.local.process.Deadline;
import txlookup.local.process.FolderLock;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.local.process.LogTail;
import txlookup.local.process.ManagedProcess;
import txlookup.local.process.Ports;

/** Starts and finds the broker process of one data folder. */
final class KafkaBroker {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaBroker.class);
    private static final String NAME = "Kafka";
    private static final int LOG_LINES = 10;
    private static final int FIRST_JAVA_WITH_AUTOMATIC_ARCHIVE = 19;
    private static final int TRIES_FOR_FREE_PORTS = 5;

    private final KafkaSettings settings;
    private final KafkaFolder folder;

    KafkaBroker(KafkaSettings settings) {
        this.settings = settings;
        this.folder = new KafkaFolder(settings.dataFolder());
    }

    /** A running broker and the port that it was started with. */
    record Running(ManagedProcess process, int port) {}

    Optional<Running> find() {
        return ManagedProcess.find(folder.pidFile())
                .map(process -> new Running(process, folder.ports().broker()));
    }

    /** The running broker, adopted or started; port 0 picks a free one. */
    Running provide(int port) {
        Deadline deadline = Deadline.after(settings.deadline());
        return FolderLock.whileHeld(
                settings.dataFolder(), deadline, () -> adopt(deadline).orElseGet(() -> startNew(port, deadline)));
    }

    /** Empty when there is none, or when it ended while it was waited for. */
    private Optional<Running> adopt(Deadline deadline) {
        Optional<Running> present = find();
        if (present.isEmpty()) {
            return present;
        }
        Running running = present.get();
        running.process().thaw(); // whoever froze it may be gone
        if (!awaitReady(running, deadline)) {
            if (running.process().isRunning()) {
                throw notReady(running, 0);
            }
            return Optional.empty();
        }
        LOG.info("{} runs already, process {} port {}", NAME, running.process().pid(), running.port());
        return present;
    }

    private Running startNew(int port, Deadline deadline) {
        if (port != 0 && Ports.isTaken(port)) {
            throw Ports.taken(NAME, port);
        }
        BrokerClassPath classPath = BrokerClassPath.find();
        new KafkaStorage(settings, classPath).provide(deadline);
        for (int tries = 1; ; tries++) {
            long before = System.nanoTime();
            long logEnd = LogTail.end(settings.logFile());
            Running running = launch(classPath, configure(port));
            if (awaitReady(running, deadline)) {
                LOG.info(
                        "{} ready in {} ms, process {} port {}",
                        NAME,
                        (System.nanoTime() - before) / 1_000_000,
                        running.process().pid(),
                        running.port());
                return running;
            }
            if (running.process().isRunning()) {
                throw notReady(running, logEnd);
            }
            failUnlessWorthAnotherTry(port, tries, logEnd);
        }
    }

    private Running launch(BrokerClassPath classPath, int port) {
        List<String> command =
                classPath.java(flags(), "kafka.Kafka", folder.serverProperties().toString());
        return new Running(ManagedProcess.start(NAME, command, Map.of(), settings.logFile(), folder.pidFile()), port);
    }

    private int configure(int port) {
        int known = folder.ports().controller();
        KafkaFolder.KnownPorts ports = new KafkaFolder.KnownPorts(
                port == 0 ? Ports.free() : port, known == 0 || Ports.isTaken(known) ? Ports.free() : known);
        try {
            folder.remember(ports);
            KafkaConfiguration.write(folder.serverProperties(), folder.log(), ports, settings);
            KafkaConfiguration.writeLogging(folder.loggingProperties());
            Files.createDirectories(settings.cacheFolder());
        } catch (IOException e) {
            throw new LocalEnvironmentException("cannot write Kafka's settings to " + folder.folder() + ": " + e, e);
        }
        return ports.broker();
    }

    private List<String> flags() {
        List<String> flags = new ArrayList<>(List.of(
                "-Xmx512m",
                "-XX:+UseSerialGC", // as fast as G1 at this size, measured, in less memory
                "-Dlog4j2.configurationFile=" + folder.loggingProperties()));
        int java = Runtime.version().feature();
        if (java >= FIRST_JAVA_WITH_AUTOMATIC_ARCHIVE) {
            Path archive = settings.cacheFolder().resolve("kafka-classes-" + Runtime.version() + ".jsa");
            flags.addAll(List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + archive));
        }
        return flags;
    }

    /** The broker binds its port long before it serves it, so an answer is asked for once it can be connected to. */
    private static boolean awaitReady(Running running, Deadline deadline) {
        boolean connected = deadline.await(() -> !running.process().isRunning() || Ports.accepts(running.port()));
        return connected
                && running.process().isRunning()
                && new KafkaTopics(running.port()).awaitAnswer(running.process(), deadline);
    }

    private LocalEnvironmentException notReady(Running running, long logEnd) {
        return new LocalEnvironmentException(NAME + " on " + settings.dataFolder() + ", process "
                + running.process().pid() + " port " + running.port() + ", does not answer after "
                + settings.deadline().toSeconds() + " s and still runs; start again to wait for it"
                + LogTail.quote(settings.logFile(), logEnd, LOG_LINES));
    }

    /** A port that was free when it was chosen may be taken when the broker binds it. */
    private void failUnlessWorthAnotherTry(int port, int tries, long logEnd) {
        boolean portLost = LogTail.since(settings.logFile(), logEnd).contains("Address already in use");
        if (portLost && port != 0 && Ports.isTaken(port)) {
            throw Ports.taken(NAME, port);
        }
        if (!portLost || tries == TRIES_FOR_FREE_PORTS) {
            throw new LocalEnvironmentException(NAME + " on " + settings.dataFolder() + " did not start"
                    + LogTail.quote(settings.logFile(), logEnd, LOG_LINES));
        }
    }
}
