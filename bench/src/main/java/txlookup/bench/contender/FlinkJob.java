package txlookup.bench.contender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import txlookup.bench.measure.ProcessorTime;
import txlookup.bench.measure.Throughput;
import txlookup.bench.servers.Servers;

/**
 * A Flink SQL job with an upsert JDBC sink, in a process of its own, into the plain loop's table. The job's text is in
 * {@code bench/flink}. A checkpoint commits the offsets once the sink has written what is before them.
 */
public final class FlinkJob {
    private static final String JOB = "txlookup.bench.flink.FlinkLedgerJob";

    /** What Flink's own scripts open on a JDK from 17 on. */
    private static final List<String> OPENED = List.of(
            "java.base/java.io",
            "java.base/java.lang",
            "java.base/java.lang.reflect",
            "java.base/java.net",
            "java.base/java.nio",
            "java.base/java.text",
            "java.base/java.time",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.base/java.util.concurrent.atomic",
            "java.base/java.util.concurrent.locks",
            "java.base/sun.nio.ch");

    private FlinkJob() {}

    public static boolean isThere() {
        return Files.isDirectory(libraries());
    }

    public static Throughput run(Servers servers, String database, String topic) throws Exception {
        String url = servers.newDatabase(database);
        try (Connection connection = DriverManager.getConnection(url, "bench", "bench");
                Statement statement = connection.createStatement()) {
            statement.execute(BaselineConsumer.TABLE);
        }
        Process job = start(servers, database, topic, url);
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", servers.kafka().bootstrapServers()))) {
            Throughput rate = Throughput.of("Flink job", servers.ends(topic), () -> {
                if (!job.isAlive()) {
                    throw new IllegalStateException("the Flink job ended with %d, see %s"
                            .formatted(job.exitValue(), Files.readString(log(servers, database))));
                }
                return Throughput.committed(admin, database);
            });
            long events = servers.ends(topic).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            System.out.printf(
                    "  %.1f us of processor time an event, start included%n",
                    ProcessorTime.of(job.pid()) * 1e6 / events);
            return rate;
        } finally {
            job.destroyForcibly().waitFor();
        }
    }

    private static Process start(Servers servers, String name, String topic, String url) throws IOException {
        Path folder = Files.createDirectories(servers.folder().resolve(name));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g", "-Dlog4j2.level=WARN"));
        OPENED.forEach(opened -> command.add("--add-opens=" + opened + "=ALL-UNNAMED"));
        Stream.of(
                        "-Duser.timezone=UTC",
                        "-cp",
                        libraries().resolve("*")
                                + System.getProperty("path.separator")
                                + libraries().resolveSibling("classes"),
                        JOB,
                        servers.kafka().bootstrapServers(),
                        topic,
                        name,
                        url,
                        folder.resolve("checkpoints").toString())
                .forEach(command::add);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log(servers, name).toFile())
                .start();
    }

    private static Path libraries() {
        return Path.of(System.getProperty("txlookup.bench.flink", "none"));
    }

    private static Path log(Servers servers, String name) {
        return servers.folder().resolve(name).resolve("flink.log");
    }
}
