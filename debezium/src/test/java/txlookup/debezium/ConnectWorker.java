package txlookup.debezium;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.local.process.ManagedProcess;

/** Kafka Connect, standalone, with Debezium's connector: a process of its own with a class path of its own. */
final class ConnectWorker implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String SETTINGS = """
            bootstrap.servers=%s
            listeners=http://127.0.0.1:%d
            plugin.path=%s
            plugin.discovery=service_load
            key.converter=org.apache.kafka.connect.json.JsonConverter
            value.converter=org.apache.kafka.connect.json.JsonConverter
            offset.storage.file.filename=%s
            offset.flush.interval.ms=200
            """;

    private static final String LOGGING = """
            rootLogger.level=WARN
            rootLogger.appenderRef.console.ref=console
            appender.console.type=Console
            appender.console.name=console
            appender.console.layout.type=PatternLayout
            appender.console.layout.pattern=%d{HH:mm:ss.SSS} %-5p [%t] %c{2} %m%n
            """;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ManagedProcess process;
    private final URI address;

    private ConnectWorker(ManagedProcess process, URI address) {
        this.process = process;
        this.address = address;
    }

    /** Starts it; returns when its REST interface answers. */
    static ConnectWorker start(Path folder, String bootstrapServers) throws Exception {
        Path built = Path.of(System.getProperty("txlookup.connect.folder"));
        Path lib = built.resolve("lib");
        Path plugins = built.resolve("plugins");
        if (!Files.isDirectory(lib) || !Files.isDirectory(plugins)) {
            throw new IllegalStateException(
                    "no Kafka Connect in " + built + "; build it with 'mvn -pl debezium/connect process-resources'");
        }
        int port = freePort();
        Path settings = Files.writeString(
                folder.resolve("connect.properties"),
                SETTINGS.formatted(bootstrapServers, port, plugins, folder.resolve("connect.offsets")));
        Path logging = Files.writeString(folder.resolve("connect-log4j2.properties"), LOGGING);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // it lives for a minute
                "-Dlog4j2.configurationFile=" + logging,
                "-cp",
                lib.resolve("*").toString(),
                "org.apache.kafka.connect.cli.ConnectStandalone",
                settings.toString());
        ManagedProcess process = ManagedProcess.start(
                "Kafka Connect", command, Map.of(), folder.resolve("connect.log"), folder.resolve("connect.pid"));
        ConnectWorker worker = new ConnectWorker(process, URI.create("http://127.0.0.1:" + port));
        Runtime.getRuntime().addShutdownHook(new Thread(worker::close, "stop-connect"));
        AwaitedAnswer.holds("Kafka Connect answers", worker::answers);
        return worker;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean answers() throws InterruptedException {
        if (!process.isRunning()) {
            throw new IllegalStateException("Kafka Connect ended; its last words: " + process.lastLogLines(20));
        }
        try {
            return send("GET", "/connectors", "").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Makes a connector; returns when Connect runs its task. */
    void add(String name, Map<String, String> settings) throws Exception {
        HttpResponse<String> made = send("PUT", "/connectors/" + name + "/config", JSON.writeValueAsString(settings));
        if (made.statusCode() != 201) {
            throw new IllegalStateException("Kafka Connect refused " + name + ": " + made.body());
        }
        AwaitedAnswer.holds("connector " + name + " runs", () -> taskRuns(name));
    }

    private boolean taskRuns(String name) throws Exception {
        JsonNode task = status(name).path("tasks").path(0);
        if (task.path("state").asString("").equals("FAILED")) {
            throw new IllegalStateException(
                    "connector " + name + " failed: " + task.path("trace").asString());
        }
        return task.path("state").asString("").equals("RUNNING");
    }

    /** What Connect says about a connector and its task, for messages. */
    JsonNode status(String name) throws IOException, InterruptedException {
        return JSON.readTree(send("GET", "/connectors/" + name + "/status", "").body());
    }

    /** Ends a connector, and with it its use of the replication slot. */
    void remove(String name) throws IOException, InterruptedException {
        send("DELETE", "/connectors/" + name, "");
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The last lines of its log, for messages. */
    List<String> lastLogLines() {
        return process.lastLogLines(20);
    }

    @Override
    public void close() {
        process.kill();
    }
}
