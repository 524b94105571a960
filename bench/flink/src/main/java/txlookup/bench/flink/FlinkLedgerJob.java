package txlookup.bench.flink;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/**
 * What a team writes that has Flink: ledger events from Kafka to an upsert JDBC sink, on a mini cluster of this process.
 * Of each key the sink keeps the event that arrives last, not the newest.
 */
public final class FlinkLedgerJob {
    private static final String COLUMNS = """
            tx_id STRING, wallet_id STRING, entry_type STRING, amount DECIMAL(18, 2), amount_signed DECIMAL(18, 2),
            related_id STRING, related_type STRING, event_time %1$s, created_at %1$s, updated_at %1$s, version BIGINT""";

    private static final String SOURCE = """
            CREATE TABLE events (%s) WITH (
                'connector' = 'kafka', 'topic' = '%s', 'properties.bootstrap.servers' = '%s',
                'properties.group.id' = '%s', 'scan.startup.mode' = 'earliest-offset',
                'properties.max.poll.records' = '5000', 'properties.max.partition.fetch.bytes' = '8388608',
                'properties.receive.buffer.bytes' = '-1',
                'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601')""";

    // The sink knows no times with a zone; what it sends in UTC the column takes as such.
    private static final String SINK = """
            CREATE TABLE entries (%s, PRIMARY KEY (tx_id) NOT ENFORCED) WITH (
                'connector' = 'jdbc', 'url' = '%s?reWriteBatchedInserts=true', 'table-name' = 'plain_entry',
                'username' = 'bench', 'password' = 'bench',
                'sink.buffer-flush.max-rows' = '5000', 'sink.buffer-flush.interval' = '1s')""";

    private static final String JOB = """
            INSERT INTO entries SELECT tx_id, wallet_id, entry_type, amount, amount_signed, related_id, related_type,
                CAST(event_time AS TIMESTAMP(6)), CAST(created_at AS TIMESTAMP(6)), CAST(updated_at AS TIMESTAMP(6)),
                version FROM events""";

    private FlinkLedgerJob() {}

    /** Brokers, topic, consumer group, URL of the database, folder for checkpoints. */
    public static void main(String[] arguments) throws Exception {
        endWithTheBench();
        TableEnvironment flink = TableEnvironment.create(EnvironmentSettings.newInstance()
                .inStreamingMode()
                .withConfiguration(Configuration.fromMap(Map.of(
                        "parallelism.default", "2",
                        "pipeline.object-reuse", "true",
                        "table.local-time-zone", "UTC",
                        // The sink flushes and the source commits its offsets with each.
                        "execution.checkpointing.interval", "1s",
                        "execution.checkpointing.storage", "filesystem",
                        "execution.checkpointing.dir",
                                Path.of(arguments[4]).toUri().toString())))
                .build());
        flink.executeSql(
                SOURCE.formatted(COLUMNS.formatted("TIMESTAMP_LTZ(6)"), arguments[1], arguments[0], arguments[2]));
        flink.executeSql(SINK.formatted(COLUMNS.formatted("TIMESTAMP(6)"), arguments[3]));
        flink.executeSql(JOB).await();
    }

    private static void endWithTheBench() {
        Thread waiting = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        System.err.println("The bench is gone: " + e.getMessage());
                    }
                    Runtime.getRuntime().halt(1);
                },
                "tether");
        waiting.setDaemon(true);
        waiting.start();
    }
}
