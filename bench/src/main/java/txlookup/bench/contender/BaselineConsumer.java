package txlookup.bench.contender;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.bench.load.LedgerEvents;
import txlookup.bench.measure.ProcessorTime;
import txlookup.bench.measure.Throughput;
import txlookup.bench.servers.ParentWatchdog;
import txlookup.bench.servers.Servers;

/**
 * What somebody in a hurry would write: poll, newest per key, one upsert from arrays, commit. No fence, no coverage, no
 * dead letters, no provenance, and an order that two clocks can break.
 */
public final class BaselineConsumer {
    static final String TABLE = """
            CREATE TABLE plain_entry (
                tx_id text PRIMARY KEY, wallet_id text NOT NULL, entry_type text NOT NULL, amount numeric NOT NULL,
                amount_signed numeric, related_id text, related_type text, event_time timestamptz NOT NULL,
                created_at timestamptz, updated_at timestamptz, version bigint);
            CREATE INDEX ON plain_entry (related_id);
            CREATE INDEX ON plain_entry (wallet_id, event_time DESC);
            CREATE INDEX ON plain_entry (event_time)""";

    private static final String UPSERT = """
            INSERT INTO plain_entry SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::numeric[], ?::numeric[],
                ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::bigint[])
            ON CONFLICT (tx_id) DO UPDATE SET
                wallet_id = excluded.wallet_id, entry_type = excluded.entry_type, amount = excluded.amount,
                amount_signed = excluded.amount_signed, related_id = excluded.related_id,
                related_type = excluded.related_type, event_time = excluded.event_time,
                created_at = excluded.created_at, updated_at = excluded.updated_at, version = excluded.version
            WHERE (plain_entry.updated_at, plain_entry.version) < (excluded.updated_at, excluded.version)""";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record Row(
            String txId,
            String walletId,
            String type,
            BigDecimal amount,
            BigDecimal signed,
            String related,
            String relatedType,
            String eventTime,
            String createdAt,
            String updatedAt,
            Long version) {}

    private BaselineConsumer() {}

    public static Throughput run(Servers servers, String database, String topic, int batch) throws Exception {
        String url = servers.newDatabase(database);
        try (Connection connection = DriverManager.getConnection(url, "bench", "bench");
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
        }
        Process loop = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:NewRatio=1",
                        "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BaselineConsumer.class.getName(),
                        servers.kafka().bootstrapServers(),
                        url,
                        topic,
                        Integer.toString(batch),
                        database)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", servers.kafka().bootstrapServers()))) {
            Throughput rate =
                    Throughput.of("plain loop", servers.ends(topic), () -> Throughput.committed(admin, database));
            long events = servers.ends(topic).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            System.out.printf(
                    "  %.1f us of processor time an event, start included%n",
                    ProcessorTime.of(loop.pid()) * 1e6 / events);
            return rate;
        } finally {
            loop.destroyForcibly().waitFor();
        }
    }

    /** The loop's process: a thread for each partition, until it is killed. */
    public static void main(String[] arguments) {
        ParentWatchdog.toTheBench();
        for (int partition = 0; partition < LedgerEvents.PARTITIONS; partition++) {
            TopicPartition mine = new TopicPartition(arguments[2], partition);
            int batch = Integer.parseInt(arguments[3]);
            new Thread(() -> consume(arguments[0], arguments[1], arguments[4], mine, batch), "plain-" + partition)
                    .start();
        }
    }

    private static void consume(String brokers, String url, String group, TopicPartition partition, int batch) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                brokers,
                                "max.poll.records",
                                batch,
                                "enable.auto.commit",
                                false,
                                "group.id",
                                group,
                                "max.partition.fetch.bytes",
                                8 << 20,
                                "receive.buffer.bytes",
                                -1,
                                "auto.offset.reset",
                                "earliest"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
                Connection connection = DriverManager.getConnection(url, "bench", "bench")) {
            connection.setAutoCommit(false);
            consumer.assign(List.of(partition));
            while (true) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(50));
                if (!records.isEmpty()) {
                    upsert(connection, records);
                    connection.commit();
                    consumer.commitSync();
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void upsert(Connection connection, ConsumerRecords<byte[], byte[]> records) throws Exception {
        Map<String, Row> newest = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            JsonNode json = JSON.readTree(record.value());
            Row row = new Row(
                    json.path("tx_id").asString(),
                    json.path("wallet_id").asString(),
                    json.path("entry_type").asString(),
                    new BigDecimal(json.path("amount").asString()),
                    new BigDecimal(json.path("amount_signed").asString()),
                    json.path("related_id").asString(),
                    json.path("related_type").asString(),
                    json.path("event_time").asString(),
                    json.path("created_at").asString(),
                    json.path("updated_at").asString(),
                    json.path("version").asLong());
            newest.merge(row.txId, row, (a, b) -> instant(a.updatedAt).isAfter(instant(b.updatedAt)) ? a : b);
        }
        List<Row> rows = List.copyOf(newest.values());
        try (PreparedStatement statement = connection.prepareStatement(UPSERT)) {
            array(connection, statement, 1, "text", rows, Row::txId);
            array(connection, statement, 2, "text", rows, Row::walletId);
            array(connection, statement, 3, "text", rows, Row::type);
            array(connection, statement, 4, "numeric", rows, Row::amount);
            array(connection, statement, 5, "numeric", rows, Row::signed);
            array(connection, statement, 6, "text", rows, Row::related);
            array(connection, statement, 7, "text", rows, Row::relatedType);
            array(connection, statement, 8, "text", rows, Row::eventTime);
            array(connection, statement, 9, "text", rows, Row::createdAt);
            array(connection, statement, 10, "text", rows, Row::updatedAt);
            array(connection, statement, 11, "bigint", rows, Row::version);
            statement.executeUpdate();
        }
    }

    private static OffsetDateTime instant(String time) {
        return OffsetDateTime.parse(time);
    }

    private static void array(
            Connection connection,
            PreparedStatement statement,
            int index,
            String type,
            List<Row> rows,
            Function<Row, Object> column)
            throws Exception {
        statement.setArray(
                index, connection.createArrayOf(type, rows.stream().map(column).toArray()));
    }
}
