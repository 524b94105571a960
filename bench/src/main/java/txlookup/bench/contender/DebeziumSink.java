package txlookup.bench.contender;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import tools.jackson.databind.json.JsonMapper;
import txlookup.bench.measure.Throughput;
import txlookup.bench.servers.Servers;

/** Debezium's JDBC sink in Kafka Connect, with the settings that were found to be its best, into the plain loop's table. */
public final class DebeziumSink {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String WORKER = """
            bootstrap.servers=%s
            listeners=http://127.0.0.1:%d
            plugin.path=%s
            plugin.discovery=service_load
            key.converter=org.apache.kafka.connect.storage.StringConverter
            value.converter=org.apache.kafka.connect.json.JsonConverter
            value.converter.schemas.enable=true
            value.converter.schema.content=%s
            offset.storage.file.filename=%s
            offset.flush.interval.ms=200
            connector.client.config.override.policy=All
            """;

    // The events have no schema with them, and the sink needs one.
    private static final String SCHEMA = """
            {"type":"struct","fields":[{"type":"string","field":"tx_id"},{"type":"string","field":"wallet_id"},\
            {"type":"string","field":"entry_type"},{"type":"string","field":"amount"},\
            {"type":"string","optional":true,"field":"amount_signed"},{"type":"string","optional":true,"field":"related_id"},\
            {"type":"string","optional":true,"field":"related_type"},%s,%s,%s,\
            {"type":"int64","optional":true,"field":"version"}]}""".formatted(time("event_time"), time("created_at"), time("updated_at"));

    // As the plain loop's, but for the amounts: the sink binds a JSON string as text.
    private static final String TABLE =
            BaselineConsumer.TABLE.replace("plain_entry", "sink_entry").replace(" numeric", " text");

    private DebeziumSink() {}

    public static boolean isThere() {
        return Files.isDirectory(Path.of(System.getProperty("txlookup.bench.plugins", "none")));
    }

    public static Throughput run(Servers servers, String database, String topic, int tasks, int batch)
            throws Exception {
        String url = servers.newDatabase(database);
        try (Connection connection = DriverManager.getConnection(url, "bench", "bench");
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
        }
        int port = freePort();
        Process worker = startWorker(servers, port, database);
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", servers.kafka().bootstrapServers()))) {
            URI address = URI.create("http://127.0.0.1:" + port);
            awaitRest(address, worker);
            add(address, database, settings(url, topic, tasks, batch));
            return Throughput.of(
                    "Debezium JDBC sink",
                    servers.ends(topic),
                    () -> Throughput.committed(admin, "connect-" + database));
        } finally {
            worker.destroyForcibly().waitFor();
        }
    }

    private static Map<String, String> settings(String url, String topic, int tasks, int batch) {
        Map<String, String> sink = new LinkedHashMap<>();
        sink.put("connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector");
        sink.put("tasks.max", Integer.toString(tasks));
        sink.put("topics", topic);
        sink.put("connection.url", url);
        sink.put("connection.username", "bench");
        sink.put("connection.password", "bench");
        sink.put("insert.mode", "upsert");
        sink.put("primary.key.mode", "record_value");
        sink.put("primary.key.fields", "tx_id");
        sink.put("schema.evolution", "none");
        sink.put("collection.name.format", "sink_entry");
        sink.put("use.reduction.buffer", "true");
        sink.put("dialect.postgres.unnest.insert.enabled", "true");
        sink.put("batch.size", Integer.toString(batch));
        sink.put("consumer.override.max.poll.records", Integer.toString(batch));
        sink.put("consumer.override.max.partition.fetch.bytes", Integer.toString(8 << 20));
        sink.put("consumer.override.receive.buffer.bytes", "-1");
        return sink;
    }

    private static Process startWorker(Servers servers, int port, String name) throws IOException {
        Path connect = Path.of(System.getProperty("txlookup.bench.connect"));
        Path folder = Files.createDirectories(servers.folder().resolve(name));
        Path settings = Files.writeString(
                folder.resolve("connect.properties"),
                WORKER.formatted(
                        servers.kafka().bootstrapServers(),
                        port,
                        System.getProperty("txlookup.bench.plugins"),
                        SCHEMA,
                        folder.resolve("connect.offsets")));
        File log = folder.resolve("connect.log").toFile();
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-Dlog4j2.level=WARN",
                        "-cp",
                        connect.resolve("*").toString(),
                        "org.apache.kafka.connect.cli.ConnectStandalone",
                        settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
    }

    private static void awaitRest(URI address, Process worker) throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        while (worker.isAlive()) {
            try {
                if (http.send(
                                        HttpRequest.newBuilder(address.resolve("/connectors"))
                                                .build(),
                                        HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200) {
                    return;
                }
            } catch (IOException notYet) {
                Thread.sleep(100);
            }
        }
        throw new IllegalStateException("Kafka Connect ended with " + worker.exitValue());
    }

    private static void add(URI address, String name, Map<String, String> settings) throws Exception {
        HttpResponse<String> made = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(address.resolve("/connectors/" + name + "/config"))
                                .header("Content-Type", "application/json")
                                .PUT(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(settings)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (made.statusCode() != 201) {
            throw new IllegalStateException("Kafka Connect refused the sink: " + made.body());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String time(String field) {
        return "{\"type\":\"string\",\"optional\":true,\"name\":\"io.debezium.time.ZonedTimestamp\",\"field\":\"%s\"}"
                .formatted(field);
    }
}
