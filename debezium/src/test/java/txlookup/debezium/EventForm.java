package txlookup.debezium;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The forms in which Debezium publishes a row change; the event profile {@code debezium-v1} reads them all. */
enum EventForm {
    /** The row itself, as the transform ExtractNewRecordState leaves it. */
    FLATTENED("txsource", true, false),
    /** Debezium's own envelope: before, after, source, op. */
    ENVELOPE("enveloped", false, false),
    /** The row itself, inside Kafka Connect's schema and payload. */
    FLATTENED_WITH_SCHEMA("flattened-with-schema", true, true),
    /** Debezium's own envelope, inside Kafka Connect's schema and payload. */
    ENVELOPE_WITH_SCHEMA("enveloped-with-schema", false, true);

    private static final String JSON = "org.apache.kafka.connect.json.JsonConverter";

    private final String topicPrefix;
    private final boolean flattened;
    private final boolean withSchema;

    EventForm(String topicPrefix, boolean flattened, boolean withSchema) {
        this.topicPrefix = topicPrefix;
        this.flattened = flattened;
        this.withSchema = withSchema;
    }

    /** Debezium's {@code topic.prefix}; the first form's is the one that the event profile's own topics have. */
    String topicPrefix() {
        return topicPrefix;
    }

    String ledgerTopic() {
        return topicPrefix + "." + SourceDatabase.LEDGER_TABLE;
    }

    String paymentOrderTopic() {
        return topicPrefix + "." + SourceDatabase.PAYMENT_ORDER_TABLE;
    }

    /** The name of this form's database and of its replication slot. */
    String databaseName() {
        return "source_" + name().toLowerCase(Locale.ROOT);
    }

    /** The connector settings that make this form. */
    Map<String, String> connectorSettings() {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String converter : new String[] {"key.converter", "value.converter"}) {
            settings.put(converter, JSON);
            settings.put(converter + ".schemas.enable", Boolean.toString(withSchema));
        }
        if (flattened) {
            settings.put("transforms", "unwrap");
            settings.put("transforms.unwrap.type", "io.debezium.transforms.ExtractNewRecordState");
        }
        return settings;
    }
}
